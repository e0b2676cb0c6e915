"""Lines of results as a table, beside what is asked of them."""
import dataclasses

from benchmarks.contest import Measured


@dataclasses.dataclass(frozen=True)
class Asked:
    """A bound of a value; one of the two."""
    most: float = None
    least: float = None

    def holds(self, value):
        return value <= self.most if self.least is None else value >= self.least

    def __str__(self):
        return f"at most {self.most:g}" if self.least is None else f"at least {self.least:g}"


@dataclasses.dataclass(frozen=True)
class Line:
    part: str
    what: str
    value: Measured
    unit: str = ""
    asked: Asked = None

    @property
    def holds(self):
        return self.asked is None or self.asked.holds(self.value.median)


def significant(value):
    """Three digits that say something."""
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.3g}"


def spread(value):
    return "" if value.least == value.most else f"{significant(value.least)} to {significant(value.most)}"


def cells(line):
    measured = f"{significant(line.value.median)} {line.unit}".rstrip()
    asked = str(line.asked) if line.asked else ""
    verdict = "" if not line.asked else "holds" if line.holds else "DOES NOT HOLD"
    return [line.part, line.what, measured, spread(line.value), asked, verdict]


HEAD = ["input", "what", "median", "rounds", "asked", ""]


def text(lines):
    """A table in Markdown, padded for the eye."""
    rows = [HEAD, *map(cells, lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows)
