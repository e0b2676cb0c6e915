/* The header and the library as a program in C99 meets them. */
#include <sessenum/sessenum.h>
#include <stdio.h>
#include <string.h>

static int failures = 0;

#define EXPECT(condition)                                            \
  do {                                                               \
    if (!(condition)) {                                              \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      failures++;                                                    \
    }                                                                \
  } while (0)

/* Server \\FS1, no qualifiers, level 10, handle 0. */
static const uint8_t request_stub[] = {
    0,    0,    2,    0,    6,   0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, '\\', 0, '\\', 0,
    'F',  0,    'S',  0,    '1', 0, 0, 0,                                           /* ServerName */
    0,    0,    0,    0,    0,   0, 0, 0,                                           /* ClientName, UserName */
    10,   0,    0,    0,    10,  0, 0, 0, 4, 0, 2, 0, 0, 0, 0, 0, 0,    0, 0,    0, /* InfoStruct */
    0xFF, 0xFF, 0xFF, 0xFF, 8,   0, 2, 0, 0, 0, 0, 0,                               /* length, handle */
};

/* Level 10, one session, but a total of none: S4 is broken. */
static const uint8_t response_stub[] = {
    10, 0, 0, 0, 10, 0, 0, 0, 0,  0, 2, 0, 1, 0, 0, 0, 4, 0, 2, 0, 1, 0, 0, 0, /* one session */
    8,  0, 2, 0, 0,  0, 0, 0, 60, 0, 0, 0, 5, 0, 0, 0,                         /* cname, NULL, 60 s, 5 s */
    2,  0, 0, 0, 0,  0, 0, 0, 2,  0, 0, 0, 7, 0, 0, 0,                         /* BEL, NUL */
    0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0,                                     /* total, handle, status */
};

static const sessenum_node* find(const sessenum_result* result, uint32_t field) {
  size_t i;
  for (i = 0; i < result->node_count; i++) {
    if (result->nodes[i].field == field) return &result->nodes[i];
  }
  return NULL;
}

static const sessenum_node* find_rule(const sessenum_result* result, const char* id) {
  size_t i;
  for (i = 0; i < result->node_count; i++) {
    if (result->nodes[i].rule != NULL && strcmp(result->nodes[i].rule, id) == 0) return &result->nodes[i];
  }
  return NULL;
}

static sessenum_facts* test_request(void) {
  const sessenum_stub stub = {request_stub, sizeof request_stub, SESSENUM_NDR, SESSENUM_LITTLE_ENDIAN, 0};
  const sessenum_result* result = sessenum_decode_request(&stub, NULL);
  const sessenum_node* name;
  sessenum_facts* facts;
  EXPECT(result != NULL);
  if (result == NULL) return NULL;
  EXPECT(result->outcome == SESSENUM_OK);
  EXPECT(result->consumed == sizeof request_stub);
  EXPECT(strcmp(result->summary, "NetrSessionEnum level 10") == 0);
  EXPECT(result->nodes[0].field == SESSENUM_REQUEST && result->nodes[0].length == sizeof request_stub);
  name = find(result, SESSENUM_SERVER_NAME);
  EXPECT(name != NULL && strcmp(name->text, "\\\\FS1") == 0 && name->offset == 16 && name->length == 12);
  name = find(result, SESSENUM_CLIENT_NAME);
  EXPECT(name != NULL && (name->flags & SESSENUM_NODE_NULL) != 0 && name->offset == 28 && name->length == 4);
  facts = sessenum_take_facts(result);
  EXPECT(facts != NULL);
  EXPECT(sessenum_take_facts(result) == NULL);
  sessenum_free_result(result);
  return facts;
}

static void test_response(const sessenum_facts* facts) {
  const sessenum_stub stub = {response_stub, sizeof response_stub, SESSENUM_NDR64, SESSENUM_LITTLE_ENDIAN, 0};
  const sessenum_options options = {SESSENUM_TRY_OTHER_SYNTAX, 0};
  const sessenum_result* result = sessenum_decode_response(&stub, facts, &options);
  const sessenum_node* node;
  EXPECT(result != NULL);
  if (result == NULL) return;
  EXPECT(result->syntax == SESSENUM_NDR && result->syntax_was_changed == 1);
  EXPECT(result->sessions == 1 && result->sessions_left_out == 0);
  EXPECT(strcmp(result->summary, "NetrSessionEnum level 10 -> 1 session") == 0);
  node = find(result, SESSENUM_SESSION_CNAME);
  EXPECT(node != NULL && strchr(node->text, '\a') == NULL && strlen(node->text) > 1);
  EXPECT(node != NULL && strcmp(node->name, "session.cname") == 0);
  node = find(result, SESSENUM_SESSION_TIME);
  EXPECT(node != NULL && node->number == 60 && strcmp(node->text, "60") == 0);
  node = find_rule(result, "S4");
  EXPECT(node != NULL && node->verdict == SESSENUM_VIOLATION && node[-1].field == SESSENUM_TOTAL_ENTRIES);
  EXPECT(sessenum_take_facts(result) == NULL);
  sessenum_free_result(result);
}

static void test_refusals(void) {
  const sessenum_stub no_bytes = {NULL, 1, SESSENUM_NDR, SESSENUM_LITTLE_ENDIAN, 0};
  const sessenum_stub no_syntax = {request_stub, 1, 2, SESSENUM_LITTLE_ENDIAN, 0};
  const sessenum_stub no_order = {request_stub, 1, SESSENUM_NDR, 2, 0};
  const sessenum_stub too_long = {request_stub, SESSENUM_MOST_BYTES + 1, SESSENUM_NDR, SESSENUM_LITTLE_ENDIAN, 0};
  const sessenum_stub empty = {NULL, 0, SESSENUM_NDR, SESSENUM_LITTLE_ENDIAN, 0};
  const sessenum_result* result = sessenum_decode_request(&empty, NULL);
  EXPECT(sessenum_decode_request(NULL, NULL) == NULL);
  EXPECT(sessenum_decode_response(NULL, NULL, NULL) == NULL);
  EXPECT(sessenum_decode_request(&no_bytes, NULL) == NULL);
  EXPECT(sessenum_decode_request(&no_syntax, NULL) == NULL);
  EXPECT(sessenum_decode_response(&no_order, NULL, NULL) == NULL);
  EXPECT(sessenum_decode_response(&too_long, NULL, NULL) == NULL);
  EXPECT(result != NULL && result->outcome == SESSENUM_TRUNCATED && result->node_count >= 1);
  sessenum_free_result(result);
  sessenum_free_result(NULL);
  sessenum_free_facts(NULL);
  EXPECT(sessenum_take_facts(NULL) == NULL);
}

static void test_tables(void) {
  size_t fields = 0;
  size_t rules = 0;
  size_t i;
  const sessenum_field* field = sessenum_fields(&fields);
  const sessenum_rule* rule = sessenum_rules(&rules);
  EXPECT(fields == SESSENUM_RULE + 1);
  for (i = 0; i < fields; i++) EXPECT(field[i].id == i && field[i].name[0] != '\0' && field[i].meaning[0] != '\0');
  EXPECT(rules > 20);
  for (i = 0; i < rules; i++) EXPECT(rule[i].id[0] != '\0' && rule[i].title[0] != '\0' && rule[i].section[0] != '\0');
  EXPECT(strcmp(sessenum_verdict_name(SESSENUM_VIOLATION), "violation") == 0);
  EXPECT(strcmp(sessenum_verdict_name(99), "") == 0);
}

int main(void) {
  sessenum_facts* facts;
  EXPECT(sessenum_abi_version() == SESSENUM_ABI_VERSION);
  EXPECT(sessenum_version()[0] != '\0');
  facts = test_request();
  test_response(facts);
  test_response(NULL);
  sessenum_free_facts(facts);
  test_refusals();
  test_tables();
  return failures == 0 ? 0 : 1;
}
