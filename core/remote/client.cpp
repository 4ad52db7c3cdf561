// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/client.hpp"

#include "core/base/crc32.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace recorte::remote {
namespace {

constexpr std::size_t kMostHeld = 2 * kMostBlocks;
constexpr std::int64_t kLookMs = 20;  // between two looks at whether the task is cancelled

/// Two states of a file have different ones: the place of what no disk has, an inode, is taken by
/// the version.
FileStamp stamp_of(const Answer& answer) {
  return {answer.size, static_cast<std::int64_t>(crc32(answer.version)),
          static_cast<std::uint64_t>(std::hash<std::string>()(answer.version))};
}

Status pread_all(int fd, char* out, std::int64_t size, std::int64_t offset) {
  while (size > 0) {
    const auto n = ::pread(fd, out, static_cast<std::size_t>(size), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("a block of a remote file cannot be read"));
    if (n == 0)
      return fail(ErrorCode::kUnavailable, "a block of a remote file was cut short; try again");
    out += n;
    offset += n;
    size -= n;
  }
  return {};
}

}  // namespace

class Client::File : public fits::RemoteFile {
 public:
  File(Client& client, std::string uri, const Answer& answer)
      : client_(client),
        uri_(std::move(uri)),
        version_(answer.version),
        key_(uri_ + '\n' + version_),
        size_(answer.size),
        block_(answer.block),
        stamp_(stamp_of(answer)) {}

  std::int64_t size() const override { return size_; }
  FileStamp stamp() const override { return stamp_; }

  Status read(std::int64_t offset, void* out, std::int64_t size) override {
    auto* to = static_cast<char*>(out);
    while (size > 0) {
      const auto number = offset / block_, at = offset % block_;
      const auto* held = client_.held(key_, number);
      if (!held) {
        RECORTE_TRY(fetch(next(number, (offset + size - 1) / block_)));
        held = client_.held(key_, number);
      }
      const auto part = std::min(size, block_ - at);
      RECORTE_TRY(pread_all(held->bytes.get(), to, part, at));
      to += part;
      offset += part;
      size -= part;
    }
    return {};
  }

  void expect(std::span<const fits::Extent> extents) override {
    expected_.clear();
    for (const auto& extent : extents)
      for (auto at = extent.offset; at < extent.offset + extent.size; at += block_ - at % block_)
        if (expected_.empty() || expected_.back() != at / block_) expected_.push_back(at / block_);
    std::ranges::sort(expected_);
  }

 private:
  /// What is missing of the blocks `first` to `last`, and of what is expected after them, as many
  /// as one question has.
  std::vector<std::int64_t> next(std::int64_t first, std::int64_t last) const {
    std::vector<std::int64_t> out;
    const auto add = [&](std::int64_t number) {
      const bool known = !out.empty() && out.back() >= number;
      if (!known && out.size() < kMostBlocks && !client_.held(key_, number)) out.push_back(number);
    };
    for (auto number = first; number <= last && out.size() < kMostBlocks; ++number) add(number);
    for (auto at = std::ranges::lower_bound(expected_, first);
         at != expected_.end() && *at <= (size_ - 1) / block_ && out.size() < kMostBlocks; ++at)
      add(*at);
    return out;
  }

  Status fetch(std::vector<std::int64_t> numbers) {
    if (numbers.empty()) return {};
    auto answer = client_.ask({0, uri_, version_, numbers});
    if (!answer) return fail(std::move(answer).error());
    if (answer->files.size() != numbers.size())
      return fail(ErrorCode::kInternal, "blocks of " + fits::shown_uri(uri_) + " are missing");
    for (std::size_t i = 0; i < numbers.size(); ++i)
      client_.hold(key_, numbers[i], std::move(answer->files[i]));
    return {};
  }

  Client& client_;
  const std::string uri_, version_, key_;
  const std::int64_t size_, block_;
  const FileStamp stamp_;
  std::vector<std::int64_t> expected_;  ///< blocks, rising
};

Result<FileStamp> Client::stamp(const std::string& uri) {
  const auto answer = ask({0, uri, "", {}});
  if (!answer) return fail(answer.error());
  return stamp_of(*answer);
}

Result<std::unique_ptr<fits::RemoteFile>> Client::open(const std::string& uri) {
  const auto answer = ask({0, uri, "", {}});
  if (!answer) return fail(answer.error());
  return std::make_unique<File>(*this, uri, *answer);
}

Result<Answer> Client::ask(Question question) {
  if (!socket_) {
    auto socket = options_.connect();
    if (!socket) return fail(std::move(socket).error());
    socket_ = std::move(*socket);
  }
  question.id = ++last_id_;
  const auto lost = [&](Error error) {
    socket_.reset();
    error.message =
        "cannot open " + fits::shown_uri(question.uri) + ": " + error.message + "; try again";
    return fail(std::move(error));
  };
  if (auto sent = send(socket_.get(), question); !sent) return lost(sent.error());
  for (;;) {
    if (options_.cancelled()) {
      if (!send_stop(socket_.get())) socket_.reset();
      return fail(ErrorCode::kCancelled, "cancelled");
    }
    if (!wait_for_message(socket_.get(), kLookMs)) continue;
    auto answer = receive_answer(socket_.get());
    if (!answer) return lost(answer.error());
    if (answer->id != question.id) continue;  // to what was cancelled
    if (!answer->status) return fail(answer->status.error());
    if (answer->size < 0 || answer->block <= 0) return lost({ErrorCode::kInternal, "it is absurd"});
    return answer;
  }
}

const Client::Held* Client::held(const std::string& file, std::int64_t number) {
  const auto known = std::ranges::find_if(
      held_, [&](const Held& held) { return held.number == number && held.file == file; });
  if (known == held_.end()) return nullptr;
  held_.splice(held_.begin(), held_, known);
  return &held_.front();
}

void Client::hold(const std::string& file, std::int64_t number, Fd bytes) {
  held_.push_front({file, number, std::move(bytes)});
  if (held_.size() > kMostHeld) held_.pop_back();
}

}  // namespace recorte::remote
