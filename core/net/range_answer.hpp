/// What a server said when it was asked for a part of a file, and what that means. A file is
/// believed only where the answer says which bytes of which state of the file it holds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace recorte::net {

/// Bytes from `first` to `last`, both asked for (RFC 9110, section 14).
struct RangeAsk {
  std::string url;  ///< as parse_target() gives it
  std::int64_t first = 0, last = 0;
  /// The state of the file that is wanted, or, with `unless`, that is known already: an ETag or a
  /// Last-Modified; "": any.
  std::string validator;
  bool unless = false;
  bool signs = false;  ///< by AWS's signature, version 4
};

/// Its first lines, as they came.
struct RangeHead {
  long status = 0;  ///< 0: none came
  std::string content_range, content_length, content_encoding, etag, last_modified, location;

  /// Takes one line of it. A status line begins it anew.
  void add(std::string_view line);
};

struct RangeAnswer {
  enum class Outcome {
    kBytes,
    kUnchanged,  ///< what is known already (`unless`)
    kChanged,    ///< the file is another one now
    kMoved,      ///< it is at `location`
    kMissing,
    kLater,    ///< it may go well another time
    kRefused,  ///< it will not
  };
  Outcome outcome = Outcome::kRefused;
  std::string why;        ///< of all but the first three, and of kMoved: a part of a sentence
  std::int64_t size = 0;  ///< of the whole file
  std::string validator, location, bytes;
};

/// `body`: as it came. `broken`: why the transfer ended before its end; "": it did not.
RangeAnswer judge(const RangeAsk& ask, const RangeHead& head, std::string body,
                  const std::string& broken);

}  // namespace recorte::net
