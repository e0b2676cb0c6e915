// The catalogue of rules, for people and for scripts.
#ifndef SESSENUM_OUTPUT_RULE_TEXT_H_
#define SESSENUM_OUTPUT_RULE_TEXT_H_

#include <string>

#include "rules/rule.h"

namespace sessenum {

// Appends all that there is to say of one rule, in lines of at most 100 columns.
void AppendText(const Rule& rule, std::string& out);
// Appends a line for each rule: id, party, scope, title.
void AppendRuleTable(std::string& out);
// Appends one JSON object, and a line break.
void AppendNdjson(const Rule& rule, std::string& out);
// Appends the whole catalogue as a page of Markdown.
void AppendRulesMarkdown(std::string& out);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_RULE_TEXT_H_
