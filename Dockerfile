# One image for the scheduled flows and for the Prefect server, built from the lock.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/presswatch \
 && /opt/presswatch/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY flows flows
COPY pipelines pipelines
COPY sql sql
RUN /opt/presswatch/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11.14-slim-bookworm
RUN useradd --uid 10001 --create-home presswatch && install -d -o presswatch /data /etc/presswatch
COPY --from=build /opt/presswatch /opt/presswatch
ENV PATH=/opt/presswatch/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DO_NOT_TRACK=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    PRESSWATCH_DATA=/data \
    PRESSWATCH_SOURCES=/etc/presswatch/sources.yaml
USER presswatch
WORKDIR /data
VOLUME /data
ENTRYPOINT ["presswatch"]
CMD ["serve"]
