#include "stub_events.h"

#include <stdlib.h>
#include <string.h>

/* A sensor sees connections end without connection_state_remove only where it is restarted; a client that never lets
 * itself be answered is forgotten, oldest request first. */
#define MOST_WAITING 4096

typedef struct waiting {
  struct waiting* next;
  sessenum_facts* facts; /* NULL: the request did not fit, and its syntax is not known either */
  uint32_t syntax;
  uint64_t fid;
  char uid[32];
} waiting;

struct stub_events {
  waiting* first;
  size_t count;
};

stub_events* stub_events_new(void) { return calloc(1, sizeof(stub_events)); }

static void drop(stub_events* events, waiting** at) {
  waiting* gone = *at;
  *at = gone->next;
  sessenum_free_facts(gone->facts);
  free(gone);
  events->count--;
}

void stub_events_free(stub_events* events) {
  if (events == NULL) return;
  while (events->first != NULL) drop(events, &events->first);
  free(events);
}

void stub_events_end(stub_events* events, const char* uid) {
  waiting** at = &events->first;
  while (*at != NULL) {
    if (strcmp((*at)->uid, uid) == 0) {
      drop(events, at);
    } else {
      at = &(*at)->next;
    }
  }
}

static int is_small(const sessenum_result* result, uint32_t field) {
  size_t i;
  for (i = 0; i < result->node_count; i++) {
    if (result->nodes[i].field == field && result->nodes[i].number > 0xFFFF) return 0;
  }
  return 1;
}

/* How well a form fits; 0: not at all. No level is above 0xFFFF, and hardly a status: such a number was read in the
 * wrong byte order. Zeek may leave bytes behind the message: the padding before a signature. */
static int fitness(const sessenum_result* result, size_t size) {
  if (result->outcome != SESSENUM_OK || !is_small(result, SESSENUM_LEVEL)) return 0;
  return 1 + is_small(result, SESSENUM_STATUS) + 2 * (result->consumed == size);
}

static int say_the_same(const sessenum_result* a, const sessenum_result* b) {
  size_t i;
  if (a->node_count != b->node_count) return 0;
  for (i = 0; i < a->node_count; i++) {
    const sessenum_node* left = &a->nodes[i];
    const sessenum_node* right = &b->nodes[i];
    if (left->field != right->field || left->number != right->number || strcmp(left->text, right->text) != 0) return 0;
  }
  return 1;
}

/* `asked`: the request that it answers, or NULL. An answer has the transfer syntax of its request, and a byte order of
 * its own. */
static stub_told decode(const uint8_t* bytes, size_t size, const waiting* asked, int is_request) {
  const sessenum_facts* facts = asked == NULL ? NULL : asked->facts;
  stub_told best = {STUB_UNFIT, NULL};
  int best_fitness = 0;
  uint32_t form;
  for (form = 0; form < 4; form++) {
    const sessenum_stub stub = {bytes, size, form % 2 ? SESSENUM_NDR64 : SESSENUM_NDR,
                                form / 2 ? SESSENUM_BIG_ENDIAN : SESSENUM_LITTLE_ENDIAN, 0};
    const sessenum_result* result = NULL;
    int fit;
    if (facts != NULL && stub.syntax != asked->syntax) continue;
    result = is_request ? sessenum_decode_request(&stub, NULL) : sessenum_decode_response(&stub, facts, NULL);
    fit = result == NULL ? 0 : fitness(result, size);
    if (fit > best_fitness) {
      const sessenum_result* worse = best.result;
      best.fit = STUB_FITS;
      best.result = result;
      best_fitness = fit;
      result = worse;
    } else if (fit != 0 && fit == best_fitness && !say_the_same(result, best.result)) {
      best.fit = STUB_AMBIGUOUS;
    }
    sessenum_free_result(result);
  }
  if (best.fit == STUB_AMBIGUOUS) {
    sessenum_free_result(best.result);
    best.result = NULL;
  }
  return best;
}

/* A request that does not fit is kept, too: the next answer is not that to another. */
static void keep(stub_events* events, const char* uid, uint64_t fid, const sessenum_result* request) {
  waiting** last = &events->first;
  waiting* added = calloc(1, sizeof *added);
  if (added == NULL) return;
  if (request != NULL) {
    added->facts = sessenum_take_facts(request);
    added->syntax = request->syntax;
  }
  added->fid = fid;
  strncpy(added->uid, uid, sizeof added->uid - 1);
  if (events->count == MOST_WAITING) drop(events, &events->first);
  while (*last != NULL) last = &(*last)->next;
  *last = added;
  events->count++;
}

stub_told stub_events_request(stub_events* events, const char* uid, uint64_t fid, const uint8_t* bytes, size_t size) {
  const stub_told told = decode(bytes, size, NULL, 1);
  keep(events, uid, fid, told.result);
  return told;
}

stub_told stub_events_response(stub_events* events, const char* uid, uint64_t fid, const uint8_t* bytes, size_t size) {
  waiting** at = &events->first;
  stub_told told;
  while (*at != NULL && ((*at)->fid != fid || strcmp((*at)->uid, uid) != 0)) at = &(*at)->next;
  told = decode(bytes, size, *at, 0);
  if (*at != NULL) drop(events, at);
  return told;
}
