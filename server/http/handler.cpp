// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/handler.hpp"

#include "core/base/log.hpp"

#include <utility>

namespace recorte::http {

struct Reply::State {
  std::function<void(Response)> send;
  std::shared_ptr<const std::atomic<bool>> gone;
  std::shared_ptr<State> outer;  ///< of a Reply made by then(): where the response goes on to
  std::atomic<bool> called{false};

  void answer(Response response) {
    if (!called.exchange(true)) send(std::move(response));
  }

  ~State() {
    // Whoever else holds the outer one can still answer.
    if (called || (outer && outer.use_count() > 1)) return;
    try {
      auto response = text_response(500, "text/plain; charset=utf-8",
                                    "The server lost this request and cannot answer it; try again "
                                    "later.\n");
      response.notes.error = "no handler answered";
      answer(std::move(response));
    } catch (...) {
      // Where it was a step of then() that threw, the outer one answers as it goes.
      log::write(log::Level::kError, "sending the answer of an abandoned request failed");
    }
  }
};

Reply::Reply(std::function<void(Response)> send, std::shared_ptr<const std::atomic<bool>> gone)
    : state_(std::make_shared<State>()) {
  state_->send = std::move(send);
  state_->gone = std::move(gone);
}

void Reply::operator()(Response response) const { state_->answer(std::move(response)); }

std::shared_ptr<const std::atomic<bool>> Reply::gone() const { return state_->gone; }

Reply Reply::then(std::function<void(Response&)> before) const {
  Reply reply(
      [outer = state_.get(), before = std::move(before)](Response response) {
        before(response);
        outer->answer(std::move(response));
      },
      state_->gone);
  reply.state_->outer = state_;
  return reply;
}

}  // namespace recorte::http
