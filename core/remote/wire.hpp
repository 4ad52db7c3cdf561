/// What goes between a reader of remote files and whoever fetches for it: questions, and answers
/// with the descriptors of the blocks, over a pair of sockets that keeps messages apart
/// (SOCK_SEQPACKET).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace recorte::remote {

/// Blocks of one question, at most.
inline constexpr std::size_t kMostBlocks = 64;

struct Question {
  std::uint64_t id = 0;
  std::string uri;
  std::string version;               ///< the state of the file that is wanted; "": that of now
  std::vector<std::int64_t> blocks;  ///< their numbers, rising
};

struct Answer {
  std::uint64_t id = 0;
  Status status;  ///< else, what follows
  std::string version;
  std::int64_t size = 0, block = 0;  ///< bytes of the file, and of each block but the last
  std::vector<Fd> files;             ///< one a block; bytes after it are none of it
};

/// Two ends, close-on-exec.
Result<std::pair<Fd, Fd>> make_link();

/// kUnavailable where the other end is gone.
Status send(int socket, const Question& question);
Status send(int socket, const Answer& answer);
/// Tells the other end that the answer to what was asked is not waited for any more.
Status send_stop(int socket);

/// Waits. A question without a URI is a stop. kUnavailable where the other end is gone, kUsage for
/// what is none.
Result<Question> receive_question(int socket);
Result<Answer> receive_answer(int socket);
/// Whether a message, or the end, is there within so many milliseconds.
bool wait_for_message(int socket, std::int64_t ms);

}  // namespace recorte::remote
