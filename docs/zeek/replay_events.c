/* Plays recorded events as Zeek raises them: lines "request UID FID HEX", "response UID FID HEX" and "end UID" on
 * standard input. Prints what a plugin would log of each: uid, fid, event, fit, sessions, summary, and the
 * findings as RULE=VERDICT.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stub_events.h"

#define MOST_LINE (1U << 20)

static size_t from_hex(const char* hex, uint8_t* bytes) {
  size_t size = 0;
  unsigned byte = 0;
  while (sscanf(hex + 2 * size, "%2x", &byte) == 1) bytes[size++] = (uint8_t)byte;
  return size;
}

static void print(const char* event, const char* uid, uint64_t fid, const stub_told* told) {
  static const char* const fits[] = {"fits", "ambiguous", "unfit"};
  const sessenum_result* result = told->result;
  size_t i;
  printf("%s\t%" PRIu64 "\t%s\t%s\t%u\t%s\t", uid, fid, event, fits[told->fit],
         result == NULL ? 0U : (unsigned)result->sessions, result == NULL ? "-" : result->summary);
  for (i = 0; result != NULL && i < result->node_count; i++) {
    const sessenum_node* node = &result->nodes[i];
    if (node->rule != NULL) printf("%s=%s ", node->rule, sessenum_verdict_name(node->verdict));
  }
  printf("\n");
}

static int play(stub_events* events, char* line, uint8_t* bytes) {
  char event[16];
  char uid[32];
  uint64_t fid = 0;
  int hex_at = 0;
  stub_told told;
  const int got = sscanf(line, "%15s %31s %" SCNu64 " %n", event, uid, &fid, &hex_at);
  if (got == 2 && strcmp(event, "end") == 0) {
    stub_events_end(events, uid);
    return 1;
  }
  if (got != 3 || hex_at == 0) return 0;
  told = (strcmp(event, "request") == 0 ? stub_events_request : stub_events_response)(events, uid, fid, bytes,
                                                                                      from_hex(line + hex_at, bytes));
  print(event, uid, fid, &told);
  sessenum_free_result(told.result);
  return 1;
}

int main(void) {
  char* line = malloc(MOST_LINE);
  uint8_t* bytes = malloc(MOST_LINE);
  stub_events* events = stub_events_new();
  int ok = line != NULL && bytes != NULL && events != NULL && sessenum_abi_version() == SESSENUM_ABI_VERSION;
  while (ok && fgets(line, MOST_LINE, stdin) != NULL) ok = play(events, line, bytes);
  if (!ok) fprintf(stderr, "replay_events: not an event, or no memory\n");
  stub_events_free(events);
  free(bytes);
  free(line);
  return ok ? 0 : 1;
}
