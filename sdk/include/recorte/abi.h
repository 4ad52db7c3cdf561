/* recorte/abi.h - the binary contract between Recorte and its plugins.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Pure C11, no dependency but the standard integer types, so that a plugin may be built by any
 * compiler against any C++ library. C++ authors include recorte/sdk.hpp and need not read this.
 *
 * VERSION 1 IS FROZEN: a plugin built against it loads in every later host of major version 1. What a
 * minor version may add is written in docs/explanation/abi-policy.md.
 *
 * The six rules:
 *
 *   1. ONE SYMBOL   A plugin exports exactly one symbol, recorte_plugin_v1. The major version is in
 *                   the name: a host that cannot speak it, cannot find it.
 *   2. APPEND ONLY  Structs grow at the end. Their first member, struct_size, says how much the
 *                   writer knew about. Read a member added later only through RECORTE_HAS(). Zero a
 *                   struct before you fill it. A copy of another's struct has the size of the copy.
 *                   Those without struct_size (recorte_str, _pair, _rect) never grow. Arrays of
 *                   structs that grow are arrays of pointers.
 *   3. NO UNWINDING No exception, longjmp, exit() or abort() crosses the boundary.
 *   4. NO FREE      Neither side frees what the other allocated. Results are pushed into sinks,
 *                   which copy; pixels live in images, which the host counts.
 *   5. BORROWED     A pointer received in a call is valid until that call returns, unless the
 *                   comment on it says otherwise.
 *   6. THREADS      Every function pointer bears one of
 *                     [any]      may be called from any thread, concurrently;
 *                     [instance] calls on one instance never overlap, but may move between threads;
 *                     [once]     at most once a process, before or after everything else.
 *
 * Angles and positions are degrees (ICRS), pixels count from 0 at FITS pixel (1, 1), wavelengths are
 * metres, times MJD (UTC), durations seconds, unless a name or comment says otherwise. A number that is
 * not known is NaN, a text that is not known is empty. Texts are UTF-8.
 */
#ifndef RECORTE_ABI_H
#define RECORTE_ABI_H

#include <stddef.h>
#include <stdint.h>

#define RECORTE_ABI_MAJOR 1
#define RECORTE_ABI_MINOR 0 /* the newest minor that this header describes; history at the end */

/* The minor that a plugin needs: that of "abi" in its plugin.json. Rebuilding against newer headers does
 * not, by itself, lock a plugin out of older hosts. */
#ifndef RECORTE_TARGET_MINOR
#define RECORTE_TARGET_MINOR 0
#endif
#if RECORTE_TARGET_MINOR > RECORTE_ABI_MINOR
#error "The plugin needs a later minor version of the ABI than these headers are of."
#endif

#ifdef __cplusplus
#define RECORTE_EXTERN_C extern "C"
#else
#define RECORTE_EXTERN_C
#endif
#define RECORTE_EXPORT RECORTE_EXTERN_C __attribute__((visibility("default")))

/* True when whoever wrote *p knew of .member. */
#define RECORTE_HAS(p, member) \
  ((p)->struct_size >= offsetof(__typeof__(*(p)), member) + sizeof((p)->member))

#if !defined(__LP64__)
#error "The layout of this contract is that of 64-bit machines with 64-bit long (LP64)."
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --- Scalars ------------------------------------------------------------------------------- */

typedef int32_t recorte_status;
enum {
  RECORTE_OK = 0,
  RECORTE_INVALID = 1,     /* the request is at fault              HTTP 400                      */
  RECORTE_NOT_FOUND = 2,   /* no such release, band or image       HTTP 404                      */
  RECORTE_NO_COVERAGE = 3, /* the region is outside the survey     HTTP 204 (SODA)               */
  RECORTE_DENIED = 4,      /* the caller lacks an access group     HTTP 403                      */
  RECORTE_UNAVAILABLE = 5, /* try again: archive down              HTTP 503, a job is retried    */
  RECORTE_CANCELLED = 6,   /* call->cancelled() was obeyed         UWS ABORTED                   */
  RECORTE_RESOURCE = 7,    /* memory budget or deadline exceeded   HTTP 413                      */
  RECORTE_UNSUPPORTED = 8, /* this build of the plugin cannot      HTTP 501                      */
  RECORTE_INTERNAL = 9     /* a bug, here                          HTTP 500, plugin is marked    */
};

typedef int32_t recorte_level;
enum { RECORTE_TRACE, RECORTE_DEBUG, RECORTE_INFO, RECORTE_WARN, RECORTE_ERROR };

/* Not necessarily terminated. { NULL, 0 } is the empty string. */
typedef struct recorte_str {
  const char *data;
  uint64_t size;
} recorte_str;

typedef struct recorte_pair {
  recorte_str key, value;
} recorte_pair;

/* Where a callee explains a status other than RECORTE_OK. Owned and zeroed by the caller. The host
 * always gives one; a plugin may give NULL. */
typedef struct recorte_error {
  uint32_t struct_size;
  recorte_status code; /* the status that is returned */
  char message[504];   /* terminated; shown to the user: say what to do about it */
} recorte_error;

/* A sink for text. [instance] */
typedef struct recorte_text_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void *ctx;
  void (*write)(const struct recorte_text_sink *sink, recorte_str text);
} recorte_text_sink;

/* --- Pixels -------------------------------------------------------------------------------- */

/* FITS BITPIX is the pixel type. 0, where a type is asked for, means: as stored. */
enum {
  RECORTE_U8 = 8,
  RECORTE_I16 = 16,
  RECORTE_I32 = 32,
  RECORTE_I64 = 64,
  RECORTE_F32 = -32,
  RECORTE_F64 = -64
};

/* A rectangle of pixels. */
typedef struct recorte_rect {
  int64_t x, y, width, height;
} recorte_rect;

/* Host memory. Made by host->image_new, job->read or a service; the receiver owns one count and may
 * write into it, until it emits it. Rows run upward as in FITS, in the machine's byte order; row y of
 * plane p begins at pixels + p * plane_bytes + y * row_bytes. pixels is 64-byte aligned. */
typedef struct recorte_image {
  uint32_t struct_size;
  int32_t bitpix;
  int64_t width, height, planes;
  int64_t row_bytes, plane_bytes; /* no less than the pixels take */
  void *pixels;
} recorte_image;

/* --- The call: identity, budget, cancellation, progress -------------------------------------- */

typedef struct recorte_call {
  uint32_t struct_size;
  uint32_t reserved;
  const char *request_id; /* for log lines; opaque */
  uint64_t memory_budget; /* bytes of recorte_image that the call may hold at once */
  int64_t deadline_ms;    /* Unix time; 0 = none. Past it, the worker is killed. */
  void *ctx;

  /* Non-zero when the user aborted or the deadline passed: stop, return RECORTE_CANCELLED. Call it
   * at least every 100 ms of work. [any] */
  int32_t (*cancelled)(const struct recorte_call *call);

  /* fraction in [0, 1], never decreasing; note may be NULL. [any] */
  void (*progress)(const struct recorte_call *call, double fraction, const char *note);
} recorte_call;

/* --- The host, as a plugin sees it ----------------------------------------------------------- */

typedef struct recorte_config recorte_config; /* opaque: settings, or a user's parameters */

typedef struct recorte_host {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor; /* what this host speaks */
  const char *name, *version;
  void *ctx;

  /* message is one line; the host adds time, plugin and request id. call may be NULL outside a call
   * (in open, say). [any] */
  void (*log)(const struct recorte_host *host, const recorte_call *call, recorte_level level,
              recorte_str message);

  /* The setting at a JSON pointer ("/survey/root", "/bands/g"): strings unquoted, other values as
   * JSON text; "" gives the whole document. The document was validated against the manifest's schema
   * before. RECORTE_NOT_FOUND when absent. *out lives as long as config. [any] */
  recorte_status (*config_get)(const struct recorte_host *host, const recorte_config *config,
                               const char *pointer, recorte_str *out);

  /* Zero-filled. NULL when over the call's memory budget. [any] */
  recorte_image *(*image_new)(const struct recorte_host *host, const recorte_call *call,
                              int32_t bitpix, int64_t width, int64_t height, int64_t planes);
  void (*image_retain)(const struct recorte_host *host, recorte_image *image);  /* [any] */
  void (*image_release)(const struct recorte_host *host, recorte_image *image); /* [any] */

  /* A service of recorte/services.h by id, e.g. "recorte.footprints/1"; NULL if this host lacks it.
   * Lives as long as the host. [any] */
  const void *(*service)(const struct recorte_host *host, const char *id);
} recorte_host;

/* --- The plugin, as a host sees it ----------------------------------------------------------- */

typedef struct recorte_plugin {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor; /* RECORTE_ABI_MAJOR, RECORTE_TARGET_MINOR */
  const char *manifest;          /* the embedded text; keeps it from being stripped */

  /* The table of an interface that this plugin provides, e.g. RECORTE_SURVEY_V1; NULL if it does
   * not. Static storage. [any] */
  const void *(*get_interface)(const char *id);

  /* Optional. Called before an orderly exit; the library itself is never unmapped. [once] */
  void (*shutdown)(void);
} recorte_plugin;

/* The entry point. Must be quick and must not touch files, network or threads: real work belongs in
 * open(). host outlives the plugin, and its abi_minor is no less than the plugin's. Returns NULL and fills err to refuse. [once] */
#define RECORTE_ENTRY_SYMBOL "recorte_plugin_v1"
typedef const recorte_plugin *(*recorte_plugin_entry)(const recorte_host *host, recorte_error *err);

/* The manifest is JSON in a section of the file, so that the host reads identity, ABI, licence and
 * schemas without running a line of the plugin. recorte_add_plugin() embeds your plugin.json. */
#define RECORTE_MANIFEST_SECTION ".recorte.manifest"
#define RECORTE_EMBED_MANIFEST(json)      \
  static const char recorte_manifest_text[] \
      __attribute__((section(RECORTE_MANIFEST_SECTION), used)) = json

#ifdef __cplusplus
}
#endif

/* History
 *   1.0  the contract as it was frozen
 */
#endif
