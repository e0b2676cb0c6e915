"""C++ source as tokens, for planting mutants: what is not code (comments, directives) is left out."""
import dataclasses
import re

TOKEN = re.compile(
    r"(?P<skip>\s+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<directive>(?<![^\n])[ \t]*\#(?:[^\n\\]|\\.)*)"
    r"|(?P<string>(?:u8|[uUL])?(?:R\"(?P<delimiter>[^(]*)\(.*?\)(?P=delimiter)\"|\"(?:\\.|[^\"\\\n])*\"))"
    r"|(?P<char>(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')"
    r"|(?P<number>\.?\d(?:[eEpP][+-]|'?[\w.])*)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<mark><=>|<<=|>>=|\.\.\.|->\*|::|->|\+\+|--|<<|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\*|.)",
    re.DOTALL)

CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclasses.dataclass(frozen=True)
class Token:
    kind: str  # "name", "number", "string", "char" or "mark"
    text: str
    start: int  # offset in the source
    spaced: bool  # white space on both sides: the formatter writes binary operators so, and no template bracket

    @property
    def end(self):
        return self.start + len(self.text)


def tokens(source):
    found = []
    at = 0
    while at < len(source):
        match = TOKEN.match(source, at)
        kind = match.lastgroup if match.lastgroup != "delimiter" else "string"
        at = match.end()
        if kind in ("skip", "directive"):
            continue
        spaced = source[match.start() - 1:match.start()].isspace() and source[at:at + 1].isspace()
        found.append(Token(kind, match.group(), match.start(), spaced))
    return found


def matching(code):
    """Index of each opening bracket's token -> index of the closing one, and back."""
    pairs = {}
    open_at = []
    for i, token in enumerate(code):
        if token.kind != "mark":
            continue
        if token.text in CLOSING:
            open_at.append(i)
        elif token.text in CLOSING.values():
            pairs[open_at[-1]] = i
            pairs[i] = open_at.pop()
    return pairs


def line_of(source, offset):
    """From 1."""
    return source.count("\n", 0, offset) + 1
