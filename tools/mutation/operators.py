"""What can be planted into a source: every operator gives edits (start, end, replacement) of the text.

They work on tokens. Where a token's role is not certain the edit may not compile; such a mutant is stillborn and does not
count. The layout of the formatter is relied on: binary operators stand between blanks, template brackets do not.
"""
import re

from . import lexer

COMPARISONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",)}
LOGIC = {"&&": "||", "||": "&&"}
ARITHMETIC = {"+": "-", "-": "+", "*": "+", "/": "*", "%": "/", "&": "|", "|": "&", "^": "|", "<<": ">>", ">>": "<<",
              "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "<<=": ">>=", ">>=": "<<="}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "|=", "&=", "^=", "<<=", ">>="}
NARROWER = {"uint64_t": "uint32_t", "uint32_t": "uint16_t", "uint16_t": "uint8_t", "int64_t": "int32_t"}
WIDTHS = {"1": "2", "2": "4", "4": "8", "8": "4", "16": "8"}
NOT_A_STATEMENT = {"return", "if", "for", "while", "do", "switch", "case", "default", "else", "using", "public",
                   "private", "protected", "static_assert", "break", "continue", "goto", "template", "typedef", "friend"}
COMMUTATIVE = {"min", "max", "equal", "EXPECT_EQ"}


class Source:
    """One file, read for planting. `groups`: symbols that stand for each other (`named_groups`)."""

    def __init__(self, text, groups):
        self.text = text
        self.groups = groups
        self.code = lexer.tokens(text)
        self.pairs = lexer.matching(self.code)
        self.outside = self._outside()

    def _outside(self):
        """Indices of tokens in which nothing is planted: what is checked when it is compiled, and heads of templates."""
        outside = set()
        for i, token in enumerate(self.code):
            following = self.code[i + 1].text if i + 1 < len(self.code) else ""
            if token.text == "static_assert" and following == "(":
                outside.update(range(i, self.pairs[i + 1] + 1))
            elif token.text == "[" and following == "[":
                outside.update(range(i, self.pairs[i] + 1))
            elif token.text == "template" and following == "<":
                outside.update(range(i, self._template_end(i + 1) + 1))
            elif token.text == "operator":
                outside.update((i, i + 1))
            elif token.text == "requires":
                outside.add(i)
        return outside

    def _template_end(self, i):
        depth = 0
        while True:
            depth += {"<": 1, ">": -1, ">>": -2}.get(self.code[i].text, 0)
            if depth <= 0:
                return i
            i += 1

    def inside(self):
        return ((i, token) for i, token in enumerate(self.code) if i not in self.outside)

    def at(self, i):
        return self.code[i].text if 0 <= i < len(self.code) else ""

    def span(self, first, last):
        """The text from token `first` to token `last`, both included."""
        return self.text[self.code[first].start:self.code[last].end]

    def edit(self, first, last, replacement):
        return self.code[first].start, self.code[last].end, replacement

    def end_of_statement(self, i):
        """Index of the `;` that ends the statement with token `i`; None where a block ends first."""
        while i < len(self.code):
            text = self.at(i)
            if text in lexer.CLOSING:
                i = self.pairs[i]
            elif text == ";":
                return i
            elif text in ")]}":
                return None
            i += 1
        return None

    def statements(self):
        """(first, last) of the simple statements within functions, `;` included."""
        for i, token in self.inside():
            before = self.at(i - 1)
            starts = before in (";", "{", "}", "else") or (before == ")" and self._heads_a_statement(i - 1))
            if not starts or (token.kind != "name" and token.text not in ("++", "--", "*", "(")):
                continue
            if token.text in NOT_A_STATEMENT:
                continue
            last = self.end_of_statement(i)
            if last is not None:
                yield i, last

    def _heads_a_statement(self, closing):
        before = self.at(self.pairs[closing] - 1)
        if before == "constexpr":
            before = self.at(self.pairs[closing] - 2)
        return before in ("if", "for", "while")

    def list_elements(self, opening):
        """(first, last) of the elements between a bracket and its partner."""
        elements = []
        first = i = opening + 1
        closing = self.pairs[opening]
        while i <= closing:
            text = self.at(i)
            if text in lexer.CLOSING:
                i = self.pairs[i]
            elif text == "," or i == closing:
                if i > first:
                    elements.append((first, i - 1))
                first = i + 1
            i += 1
        return elements


def comparison(source):
    for i, token in source.inside():
        if token.spaced:
            for other in COMPARISONS.get(token.text, ()):
                yield source.edit(i, i, other)


def logic(source):
    for i, token in source.inside():
        if token.spaced and token.text in LOGIC:
            yield source.edit(i, i, LOGIC[token.text])


def arithmetic(source):
    for i, token in source.inside():
        if token.spaced and token.text in ARITHMETIC:
            yield source.edit(i, i, ARITHMETIC[token.text])
        elif token.text in ("++", "--"):
            yield source.edit(i, i, "--" if token.text == "++" else "++")
        elif token.text == "~":
            yield source.edit(i, i, "")


def negation(source):
    """`if (x)` to `if (!(x))`, `!x` to `x`, `x ? a : b` to one of its arms."""
    for i, token in source.inside():
        if token.text in ("if", "while") and source.at(i + 1) == "(":
            inner = source.list_elements(i + 1)
            opening, closing = i + 1, source.pairs[i + 1]
            if len(inner) == 1 and ";" not in (source.at(k) for k in range(opening, closing)):
                yield source.edit(opening, closing, f"(!{source.span(opening, closing)})")
        elif token.text == "!":
            yield source.edit(i, i, "")
        elif token.text == "?":
            first = _start_of_condition(source, i)
            for value in ("true", "false"):
                yield source.edit(first, i - 1, value)


def _start_of_condition(source, question):
    i = question - 1
    while i > 0:
        text = source.at(i)
        if text in ")]}":
            i = source.pairs[i]
        elif text in ("(", "{", "[", ",", ";", "=", "return", ":", "?", "<<"):
            return i + 1
        i -= 1
    return i


def dropped_check(source):
    """`if (...) return ...;` is gone, or the error that SE_TRY would return is ignored."""
    for i, token in source.inside():
        if token.text == "if" and source.at(i + 1) == "(":
            body = source.pairs[i + 1] + 1
            last = source.end_of_statement(body)
            if source.at(body) in ("return", "continue", "break") and source.at(last + 1) != "else":
                yield source.edit(i, last, "")
            elif source.at(body) == "{" and source.at(source.pairs[body] + 1) != "else":
                yield source.edit(i, source.pairs[body], "")
        elif token.text == "SE_TRY":
            yield source.edit(i, i, "static_cast<void>")


def removed_statement(source):
    for first, last in source.statements():
        if _is_call_or_assignment(source, first, last):
            yield source.edit(first, last, ";")


def _is_call_or_assignment(source, first, last):
    """Whether it is no declaration: a chain of names with an argument list or an assignment at its end."""
    i = first
    if source.at(i) in ("++", "--"):
        return True
    while source.at(i) in ("*", "("):
        i += 1
    while i < last:
        token = source.code[i]
        following = source.code[i + 1]
        if token.text in ASSIGNMENTS or token.text in ("++", "--"):
            return True
        if token.text in ("(", "["):
            i = source.pairs[i] + 1
            if source.at(i - 1) == ")" and source.at(i) == ";":
                return True
            continue
        if token.kind == "name" and following.kind == "name":
            return False
        if token.text not in (".", "->", "::", "&", ">", "<", ")") and token.kind != "name":
            return False
        if token.text in ("&", "<", ">", ")") and following.kind == "name":
            return False
        i += 1
    return False


def constant(source):
    """One more, one less; another value of the widths that alignment knows."""
    for i, token in source.inside():
        if token.kind == "number":
            match = re.fullmatch(r"(0[xX][\dA-Fa-f']+|[\d']+)([uUlL]*)", token.text)
            if not match:
                continue
            value = int(match.group(1).replace("'", ""), 0)
            for other in sorted({value + 1, value - 1} - {-1}):
                digits = hex(other) if match.group(1)[1:2] in ("x", "X") else str(other)
                yield source.edit(i, i, digits + match.group(2))
        elif token.text in ("true", "false"):
            yield source.edit(i, i, "false" if token.text == "true" else "true")


def alignment(source):
    for i, token in source.inside():
        if token.kind == "number" and token.text.rstrip("uU") in WIDTHS:
            yield source.edit(i, i, WIDTHS[token.text.rstrip("uU")])


def byte_swap(source):
    for i, token in source.inside():
        if token.text == "SwapBytes" and source.at(i - 1) != "T":
            yield source.edit(i, i, "")
        elif token.text in ("order", "order_", "order()") and source.at(i - 1) in (",", "(") \
                and source.at(i + 1) in (",", ")", "}"):
            yield source.edit(i, i, "ByteOrder::kLittle")


def narrowed(source):
    for i, token in source.inside():
        if token.text in NARROWER:
            yield source.edit(i, i, NARROWER[token.text])
        elif token.text == "size_t" and source.at(i + 1) in ("{", ">") and source.at(i + 2) not in ("}", ""):
            yield source.edit(i, i, "uint32_t")


def initialiser(source):
    """`T x = value;` to `T x;`, `T x{};` to `T x;`."""
    for i, token in source.inside():
        if source.code[i - 1].kind != "name" or source.code[i - 2].text in (".", "->"):
            continue
        typed = source.code[i - 2].kind == "name" or source.at(i - 2) in (">", "*", "&")
        if token.text == "=" and typed:
            last = source.end_of_statement(i)
            if last is not None and last - i <= 5:
                yield source.edit(i, last - 1, "")
        elif token.text == "{" and typed and source.at(i + 1) == "}" and source.at(i + 2) == ";":
            yield source.edit(i, i + 1, "")


def order(source):
    """Neighbours change places: statements that read or write a field, elements of a list, arguments."""
    statements = [pair for pair in source.statements() if source.at(pair[0]) == "SE_TRY"]
    for (first, last), (next_first, next_last) in zip(statements, statements[1:]):
        if next_first == last + 1:
            swapped = source.span(next_first, next_last) + " " + source.span(first, last)
            yield source.edit(first, next_last, swapped)
    for i, token in source.inside():
        if token.text not in ("{", "(") or source.at(i - 1) in COMMUTATIVE or ";" in _flat(source, i):
            continue
        elements = source.list_elements(i)
        for (first, last), (next_first, next_last) in zip(elements, elements[1:]):
            left, right = source.span(first, last), source.span(next_first, next_last)
            # The order of members that are named is no matter.
            if left != right and not left.startswith("."):
                yield source.edit(first, next_last, f"{right}, {left}")


def _flat(source, opening):
    return {source.at(k) for k in range(opening, source.pairs[opening])}


def extreme(source):
    for i, token in source.inside():
        if token.text in ("min", "max") and source.at(i + 1) in ("(", "<"):
            yield source.edit(i, i, "max" if token.text == "min" else "min")


def symbol(source):
    """Another enumerator of the same enum, another constant of the same kind."""
    for i, token in source.inside():
        group = source.groups.get(token.text)
        if group and source.at(i + 1) not in ("=", "{") and not _in_enum(source, i):
            scope = source.at(i - 2) if source.at(i - 1) == "::" else ""
            if scope in group:
                names = group[scope]
                yield source.edit(i, i, names[(names.index(token.text) + 1) % len(names)])


def _in_enum(source, i):
    return source.at(i - 1) in ("{", ",") and source.at(i + 1) in (",", "}", "=") and source.code[i].text[0] == "k" and \
        any(source.at(k) == "enum" for k in range(max(0, i - 8), i))


OPERATORS = {function.__name__: function for function in (
    comparison, logic, arithmetic, negation, dropped_check, removed_statement, constant, alignment, byte_swap, narrowed,
    initialiser, order, extreme, symbol)}

ENUM = re.compile(r"enum\s+class\s+(\w+)[^{;]*\{(.*?)\}", re.DOTALL)
CONSTANTS = re.compile(r"(?:^(?:inline )?constexpr (std::uint\d+_t) k\w+ = [^;]*;[^\n]*\n){2,}", re.MULTILINE)


def named_groups(texts):
    """Name -> {scope: the names that can stand in its place}, from all headers: enumerators, and constants that are
    defined side by side."""
    groups = {}
    for text in texts:
        for enum, body in ENUM.findall(text):
            names = re.findall(r"\b(k\w+)", re.sub(r"//[^\n]*", "", body))
            for name in names:
                groups.setdefault(name, {})[enum] = names
        for block in CONSTANTS.finditer(text):
            names = re.findall(r"constexpr std::uint\d+_t (k\w+)", block.group())
            for name in names:
                groups.setdefault(name, {})[""] = names
    return groups
