/* sessenum for C: a NetrSessionEnum stub (MS-SRVS 3.1.4.5, srvsvc opnum 12) as a list of fields, with the findings of
 * the rules where they sit.
 *
 * No function calls back, throws, exits or jumps. Functions may be called from any thread; an object belongs to one
 * thread at a time. Strings are UTF-8, end with a NUL and are never NULL unless it is said; what came off the wire
 * stands in them with control characters, and whatever else could steer a terminal, written as escapes.
 */
#ifndef SESSENUM_SESSENUM_H_
#define SESSENUM_SESSENUM_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever a program built with another version of this header could be served wrongly. Compare it with
 * sessenum_abi_version() before anything else is called. */
#define SESSENUM_ABI_VERSION 1

uint32_t sessenum_abi_version(void);

/* The version of the program: "0.1.0". */
const char* sessenum_version(void);

/* What a stub is made of. Offsets and lengths are in bytes, from the first byte of the stub. */

enum sessenum_syntax { SESSENUM_NDR = 0, SESSENUM_NDR64 = 1 };
enum sessenum_byte_order { SESSENUM_LITTLE_ENDIAN = 0, SESSENUM_BIG_ENDIAN = 1 };

typedef struct sessenum_stub {
  const uint8_t* bytes; /* reassembled, decrypted; borrowed for the time of the call */
  size_t size;
  uint32_t syntax;     /* enum sessenum_syntax */
  uint32_t byte_order; /* enum sessenum_byte_order */
  uint32_t incomplete; /* not 0: the capture lost the end of it, which is then held against nobody */
} sessenum_stub;

/* Options, ORed. */
#define SESSENUM_TRY_OTHER_SYNTAX 1U  /* take the other transfer syntax where that fits the stub, and the given not */
#define SESSENUM_WITH_WIRE_FORM 2U    /* nodes for referent ids and counts, too */
#define SESSENUM_WITH_ALL_VERDICTS 4U /* findings of rules that passed, were not decided or did not apply, too */

typedef struct sessenum_options {
  uint32_t flags;
  uint32_t max_sessions; /* nodes for at most so many sessions; 0: for all */
} sessenum_options;

/* Fields. Numbers keep their meaning as long as SESSENUM_ABI_VERSION is the same; new ones may come behind them. */

enum sessenum_field_id {
  SESSENUM_REQUEST = 0,
  SESSENUM_RESPONSE = 1,
  SESSENUM_SERVER_NAME = 2,
  SESSENUM_CLIENT_NAME = 3,
  SESSENUM_USER_NAME = 4,
  SESSENUM_LEVEL = 5,
  SESSENUM_DISCRIMINANT = 6,
  SESSENUM_CONTAINER = 7,
  SESSENUM_ENTRIES_READ = 8,
  SESSENUM_SESSIONS = 9,
  SESSENUM_SESSION = 10,
  SESSENUM_SESSION_CNAME = 11,
  SESSENUM_SESSION_USERNAME = 12,
  SESSENUM_SESSION_NUM_OPENS = 13,
  SESSENUM_SESSION_TIME = 14,
  SESSENUM_SESSION_IDLE_TIME = 15,
  SESSENUM_SESSION_USER_FLAGS = 16,
  SESSENUM_SESSION_CLTYPE_NAME = 17,
  SESSENUM_SESSION_TRANSPORT = 18,
  SESSENUM_PREFERRED_MAXIMUM_LENGTH = 19,
  SESSENUM_TOTAL_ENTRIES = 20,
  SESSENUM_RESUME_HANDLE = 21,
  SESSENUM_STATUS = 22,
  SESSENUM_REFERENT = 23,
  SESSENUM_MAX_COUNT = 24,
  SESSENUM_OFFSET = 25,
  SESSENUM_ACTUAL_COUNT = 26,
  SESSENUM_TRAILER = 27,
  SESSENUM_UNDECODED = 28,
  SESSENUM_RULE = 29
};

enum sessenum_kind {
  SESSENUM_NONE = 0,   /* holds other fields, or bytes; has no value */
  SESSENUM_U32 = 1,    /* 4 bytes */
  SESSENUM_U64 = 2,    /* 4 bytes in NDR, 8 in NDR64 */
  SESSENUM_STRING = 3, /* UTF-16 on the wire */
  SESSENUM_FINDING = 4 /* not on the wire: a rule speaks of the bytes */
};

typedef struct sessenum_field {
  uint32_t id;      /* enum sessenum_field_id */
  uint32_t kind;    /* enum sessenum_kind */
  const char* name; /* "level", "session.cname": letters, digits, '_' and '.' */
  const char* meaning;
} sessenum_field;

/* All fields, in the order of their ids: the field `id` is the `id`th. They live as long as the library. NULL only
 * where memory ran out. */
const sessenum_field* sessenum_fields(size_t* count);

/* Rules */

enum sessenum_verdict {
  SESSENUM_PASS = 0,
  SESSENUM_VIOLATION = 1, /* breaks a MUST */
  SESSENUM_KNOWN = 2,     /* breaks the text in the way of a known implementation */
  SESSENUM_ADVISORY = 3,  /* worth a look; breaks nothing */
  SESSENUM_UNDECIDED = 4, /* the evidence is missing */
  SESSENUM_NOT_APPLICABLE = 5
};

typedef struct sessenum_rule {
  const char* id;      /* "S4" */
  const char* title;   /* what it asks */
  const char* section; /* of the specification */
  const char* party;   /* whom it binds: "client", "server", or "client, server" */
} sessenum_rule;

/* The catalogue. It lives as long as the library. NULL only where memory ran out. */
const sessenum_rule* sessenum_rules(size_t* count);

/* "violation"; "" where `verdict` is none. */
const char* sessenum_verdict_name(uint32_t verdict);

/* Decoding */

#define SESSENUM_NODE_NULL 1U /* a NULL pointer: offset and length are those of the pointer */

/* A field of the message, or a finding. */
typedef struct sessenum_node {
  uint32_t depth;   /* 0: the message; else at most one more than that of the node before */
  uint32_t field;   /* enum sessenum_field_id */
  uint32_t offset;  /* with `length` within the stub. Not always within the node above: what a pointer points to */
  uint32_t length;  /* stands elsewhere. 0: no bytes are meant */
  uint64_t number;  /* of a number: its value; of a session: its index; of the sessions: how many; of a string: UTF-16
                       units as sent, the terminator included */
  const char* name; /* of the field, as in sessenum_fields() */
  const char* text; /* the value as text, or what the finding says; "" where there is none */
  const char* rule; /* of a SESSENUM_RULE: its id in sessenum_rules(); else NULL. It stands right behind the field that
                       it speaks of, one deeper; at the end, under the message, where that has no node */
  uint32_t verdict; /* of a SESSENUM_RULE: enum sessenum_verdict */
  uint32_t flags;   /* SESSENUM_NODE_... */
} sessenum_node;

enum sessenum_outcome {
  SESSENUM_OK = 0,
  SESSENUM_TRUNCATED = 1, /* the stub ends before what it promises: what stands before that was decoded */
  SESSENUM_MALFORMED = 2, /* a count is impossible, or the size of what it counts is not known */
  SESSENUM_LIMIT = 3      /* more sessions than this library decodes */
};

typedef struct sessenum_result {
  const sessenum_node* nodes; /* in pre-order; the first is the message */
  size_t node_count;
  const char* summary;         /* "NetrSessionEnum level 10 -> 3 sessions" */
  uint32_t syntax;             /* enum sessenum_syntax: the one that was taken */
  uint32_t syntax_was_changed; /* 1: it is not the one given */
  uint32_t outcome;            /* enum sessenum_outcome */
  uint32_t consumed;           /* bytes up to the end of the last parameter, or to where decoding stopped */
  uint32_t sessions;           /* that were decoded */
  uint32_t sessions_left_out;  /* of them, those without nodes */
} sessenum_result;

/* What the rules need of a request to judge its response. */
typedef struct sessenum_facts sessenum_facts;

/* Decodes a stub and judges it. `facts`: those of the request that it answers, or NULL. `options` may be NULL.
 * The caller frees what is returned; it needs none of the arguments any more. NULL where memory ran out, an argument is
 * none that is described above, or the stub has more than SESSENUM_MOST_BYTES.
 *
 * Each call stands alone: rules that span calls say nothing. Of a response with facts, the findings about the request
 * are not told again. */
#define SESSENUM_MOST_BYTES 0x1000000
const sessenum_result* sessenum_decode_request(const sessenum_stub* stub, const sessenum_options* options);
const sessenum_result* sessenum_decode_response(const sessenum_stub* stub, const sessenum_facts* facts,
                                                const sessenum_options* options);

/* Takes the facts out of the result of a request, for the caller to free; they do not need the result any more.
 * NULL where they were taken before, or the result is that of a response. */
sessenum_facts* sessenum_take_facts(const sessenum_result* result);

/* Both do nothing with NULL. */
void sessenum_free_result(const sessenum_result* result);
void sessenum_free_facts(sessenum_facts* facts);

#ifdef __cplusplus
}
#endif

#endif /* SESSENUM_SESSENUM_H_ */
