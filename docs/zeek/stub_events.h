/* What a Zeek plugin does with the stubs that Zeek hands it: finds out their form, decodes them, and keeps a request's
 * facts for its answer. */
#ifndef SESSENUM_ZEEK_STUB_EVENTS_H_
#define SESSENUM_ZEEK_STUB_EVENTS_H_

#include <sessenum/sessenum.h>
#include <stddef.h>
#include <stdint.h>

/* Requests under way, the oldest first. Zeek's events do not have the call id, so that an answer is taken for that to
 * the oldest request of its connection and pipe. */
typedef struct stub_events stub_events;

stub_events* stub_events_new(void);
void stub_events_free(stub_events* events);

/* Zeek tells neither the transfer syntax (NDR, NDR64) nor the byte order of a stub. All four forms are tried. */
enum stub_fit {
  STUB_FITS = 0,      /* one form fits, or several that say the same */
  STUB_AMBIGUOUS = 1, /* several fit and say different things: there is no result */
  STUB_UNFIT = 2      /* none fits: truncated, malformed or sealed; there is no result */
};

typedef struct stub_told {
  enum stub_fit fit;
  const sessenum_result* result; /* for the caller to free; NULL unless it fits, and where memory ran out */
} stub_told;

/* Of dce_rpc_request_stub and dce_rpc_response_stub, for contexts of srvsvc and opnum 12: c$uid, fid, stub. */
stub_told stub_events_request(stub_events* events, const char* uid, uint64_t fid, const uint8_t* bytes, size_t size);
stub_told stub_events_response(stub_events* events, const char* uid, uint64_t fid, const uint8_t* bytes, size_t size);

/* Of connection_state_remove. */
void stub_events_end(stub_events* events, const char* uid);

#endif /* SESSENUM_ZEEK_STUB_EVENTS_H_ */
