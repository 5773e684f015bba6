"""Plain text: a saved text becomes a draft; its title is a short first line that stands alone."""

from pipelines.clean.draft import Draft

_MOST_TITLE = 160  # characters


def read_plain(text: str) -> Draft:
    """Return the lines of a plain text, and its title where the first line is one.

    A title is a first line of at most 160 characters, without the end of a sentence, before a blank line.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    while lines and not lines[0]:
        del lines[0]
    title = None
    if (
        len(lines) > 2
        and not lines[1]
        and len(lines[0]) <= _MOST_TITLE
        and not lines[0].endswith((".", "!", "?", "…", ":", ",", ";", "。"))
    ):
        title = lines.pop(0)
    return Draft(lines=tuple(line for line in lines if line), title=title)
