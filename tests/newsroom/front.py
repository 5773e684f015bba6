"""The front page of the bare address: which outlets there are, and how to let something new appear."""

from tests.newsroom.desk import Answer, Desk, fill, xml
from tests.newsroom.outlets import OUTLETS


def front_page(desk: Desk) -> Answer:
    """All outlets with their entrances, and the two buttons."""
    rows = "".join(
        f'<li><a href="{desk.url(outlet.name)}">{xml(outlet.title)}</a> – {xml(outlet.template)}: '
        + ", ".join(f'<a href="{desk.url(outlet.name, path)}">{path}</a>' for path in outlet.entrances)
        + "</li>\n"
        for outlet in OUTLETS.values()
    )
    body = fill("front.html", outlets=rows, revision=str(desk.revision), published=str(len(desk.published)))
    return Answer(body=body.encode())
