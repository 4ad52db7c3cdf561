// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/service.hpp"

#include "core/fits/remote_file.hpp"

#include <sys/socket.h>

#include <iterator>
#include <utility>

namespace recorte::remote {

Service::~Service() {
  const std::lock_guard lock(mutex_);
  for (auto& link : links_) ::shutdown(link.socket.get(), SHUT_RDWR);
  for (auto& link : links_) link.thread.join();
}

Result<Fd> Service::connect(Beginnings beginnings) {
  auto ends = make_link();
  if (!ends) return fail(std::move(ends).error());
  const std::lock_guard lock(mutex_);
  for (auto link = links_.begin(); link != links_.end();) {
    const auto next = std::next(link);
    if (link->ended) {
      link->thread.join();
      links_.erase(link);
    }
    link = next;
  }
  auto& link = links_.emplace_back();
  link.socket = std::move(ends->first);
  link.thread = std::thread([this, &link, beginnings = std::move(beginnings)] {
    serve(link.socket.get(), beginnings);
    ::shutdown(link.socket.get(), SHUT_RDWR);
    link.ended = true;
  });
  return std::move(ends->second);
}

void Service::serve(int socket, const Beginnings& beginnings) {
  net::RangeCaller caller(fetcher_->callers());
  for (;;) {
    const auto question = receive_question(socket);
    if (!question) return;
    if (question->uri.empty()) continue;  // a stop, of what has ended by itself
    if (!send(socket, answer(*question, beginnings, caller, socket))) return;
  }
}

Answer Service::answer(const Question& question, const Beginnings& beginnings,
                       net::RangeCaller& caller, int socket) {
  Answer out;
  if (beginnings && !is_below(question.uri, *beginnings)) {
    out.status = fail(ErrorCode::kUnavailable,
                      fits::shown_uri(question.uri) +
                          " is not fetched: its survey's file names no beginning of it; write "
                          "remote = [\"https://HOST/DIRECTORY/\"] in [access]");
  } else {
    // Whatever a reader says while it waits, it does not wait any more.
    out = fetcher_->fetch(question, caller,
                          [socket](Micros time) { return wait_for_message(socket, time / 1'000); });
  }
  out.id = question.id;
  return out;
}

}  // namespace recorte::remote
