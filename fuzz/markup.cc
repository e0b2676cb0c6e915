#include "fuzz/markup.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace sessenum::fuzz {
namespace {

constexpr std::array<std::string_view, 33> kElements = {
    "a",        "b",    "bdi",    "caption", "cite",   "code",     "dd",    "details", "div",     "dl",    "dt",
    "fieldset", "h3",   "i",      "li",      "legend", "label",    "p",     "ol",      "section", "small", "ul",
    "summary",  "span", "strong", "td",      "table",  "template", "tbody", "th",      "thead",   "time",  "tr"};
constexpr std::string_view kVoid = "input";  // has no end of its own
constexpr std::array<std::string_view, 15> kAttributes = {"aria-label", "checked", "class", "data-noun", "data-v",
                                                          "href",       "id",      "name",  "role",      "scope",
                                                          "tabindex",   "title",   "type",  "open",      "colspan"};
constexpr std::array<std::string_view, 6> kEntities = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#8594;"};
constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

template <typename Names>
bool Contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Reader {
 public:
  explicit Reader(std::string_view html) : rest_(html) {}

  Markup Read() {
    while (!rest_.empty() && read_.problem.empty()) {
      if (rest_.starts_with("</")) {
        Close();
      } else if (rest_.front() == '<') {
        Open();
      } else {
        Text(rest_.substr(0, rest_.find('<')));
      }
    }
    if (read_.problem.empty() && !open_.empty()) Fail("not closed", open_.back());
    return std::move(read_);
  }

 private:
  void Fail(std::string_view what, std::string_view where) {
    if (read_.problem.empty()) read_.problem = std::string(what) + ": " + std::string(where.substr(0, 80));
  }

  std::string_view TakeName() {
    const std::string_view name = rest_.substr(0, rest_.find_first_not_of(kNameLetters));
    rest_.remove_prefix(name.size());
    return name;
  }

  bool Take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  // Text without markup, in an element or in a value.
  void Text(std::string_view text) {
    rest_.remove_prefix(text.size());
    for (std::size_t at = text.find_first_of("<>&"); at != std::string_view::npos;
         at = text.find_first_of("<>&", at + 1)) {
      const std::string_view from = text.substr(at);
      const bool is_entity = std::any_of(kEntities.begin(), kEntities.end(),
                                         [from](std::string_view entity) { return from.starts_with(entity); });
      if (!is_entity) Fail("not escaped", from);
    }
  }

  void Open() {
    const std::string_view whole = rest_;
    rest_.remove_prefix(1);
    const std::string_view name = TakeName();
    const bool is_void = name == kVoid;
    if (!is_void && !Contains(kElements, name)) return Fail("unknown element", whole);
    if (name == "td") EndCell();
    while (Take(" ")) Attribute();
    if (is_void) Take("/");
    if (!Take(">")) return Fail("no end of a tag", whole);
    if (!is_void) open_.push_back(name);
  }

  // A cell ends with the next one, and with its row.
  void EndCell() {
    if (!open_.empty() && open_.back() == "td") open_.pop_back();
  }

  void Attribute() {
    const std::string_view whole = rest_;
    const std::string_view name = TakeName();
    if (!Contains(kAttributes, name)) return Fail("unknown attribute", whole);
    if (!Take("=\"")) {
      if (name != "checked") Fail("no value", whole);
      return;
    }
    const std::string_view value = rest_.substr(0, rest_.find('"'));
    Text(value);
    if (!Take("\"")) return Fail("no end of a value", whole);
    if (name == "id") read_.ids.emplace_back(value);
    if (name != "href") return;
    if (!value.starts_with('#')) return Fail("a link that leads out of the page", whole);
    read_.links.emplace_back(value.substr(1));
  }

  void Close() {
    const std::string_view whole = rest_;
    rest_.remove_prefix(2);
    if (rest_.starts_with("tr>")) EndCell();
    if (open_.empty() || TakeName() != open_.back() || !Take(">")) return Fail("closes what is not open", whole);
    open_.pop_back();
  }

  std::string_view rest_;
  std::vector<std::string_view> open_;
  Markup read_;
};

}  // namespace

Markup ReadMarkup(std::string_view html) { return Reader(html).Read(); }

}  // namespace sessenum::fuzz
