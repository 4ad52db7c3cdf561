// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/wire.hpp"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace recorte::remote {
namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = 16 << 10;

Error gone() { return {ErrorCode::kUnavailable, "whoever fetches remote files is gone"}; }
Error wrong() { return {ErrorCode::kUsage, "what was sent is no message of remote files"}; }

Status send_text(int socket, const std::string& text, const std::vector<Fd>& files) {
  iovec part{const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostBlocks * sizeof(int))> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!files.empty()) {
    std::vector<int> numbers;
    for (const auto& file : files) numbers.push_back(file.get());
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(numbers.size() * sizeof(int));
    auto* c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(numbers.size() * sizeof(int));
    std::memcpy(CMSG_DATA(c), numbers.data(), numbers.size() * sizeof(int));
  }
  for (;;) {
    const auto sent = ::sendmsg(socket, &header, MSG_NOSIGNAL);
    if (sent >= 0) return {};
    if (errno != EINTR) return fail(gone());
  }
}

Result<json> receive_json(int socket, std::vector<Fd>* files) {
  std::string text(kMostBytes, '\0');
  iovec part{text.data(), text.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostBlocks * sizeof(int))> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (files) {
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  ssize_t got = 0;
  do got = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got <= 0) return fail(gone());
  for (auto* c = files ? CMSG_FIRSTHDR(&header) : nullptr; c; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; CMSG_LEN(at + sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(c) + at, sizeof number);
      files->emplace_back(number);
    }
  }
  text.resize(static_cast<std::size_t>(got));
  auto document = json::parse(text, nullptr, false);
  if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || !document.is_object())
    return fail(wrong());
  return document;
}

std::string text_of(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Result<std::pair<Fd, Fd>> make_link() {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
    return fail(os_error("remote files cannot be fetched"));
  return std::pair{Fd(pair[0]), Fd(pair[1])};
}

Status send(int socket, const Question& question) {
  return send_text(socket,
                   text_of({{"id", question.id},
                            {"uri", question.uri},
                            {"version", question.version},
                            {"blocks", question.blocks}}),
                   {});
}

Status send_stop(int socket) { return send(socket, Question{}); }

Status send(int socket, const Answer& answer) {
  json document{{"id", answer.id}};
  if (answer.status)
    document.update({{"version", answer.version}, {"size", answer.size}, {"block", answer.block}});
  else
    document["error"] = {{"code", error_row(answer.status.error().code).name},
                         {"message", answer.status.error().message}};
  return send_text(socket, text_of(document), answer.files);
}

Result<Question> receive_question(int socket) {
  const auto document = receive_json(socket, nullptr);
  if (!document) return fail(document.error());
  try {
    Question out{document->at("id"), document->at("uri"), document->at("version"),
                 document->at("blocks")};
    if (out.blocks.size() > kMostBlocks) return fail(wrong());
    return out;
  } catch (const json::exception&) {
    return fail(wrong());
  }
}

Result<Answer> receive_answer(int socket) {
  Answer out;
  const auto document = receive_json(socket, &out.files);
  if (!document) return fail(document.error());
  try {
    out.id = document->at("id");
    if (document->contains("error")) {
      const auto& error = document->at("error");
      out.status = fail(error_from_name(error.at("code").get<std::string>()), error.at("message"));
      return out;
    }
    out.version = document->at("version");
    out.size = document->at("size");
    out.block = document->at("block");
  } catch (const json::exception&) {
    return fail(wrong());
  }
  return out;
}

bool wait_for_message(int socket, std::int64_t ms) {
  pollfd ready{socket, POLLIN, 0};
  return ::poll(&ready, 1, static_cast<int>(ms)) > 0;
}

}  // namespace recorte::remote
