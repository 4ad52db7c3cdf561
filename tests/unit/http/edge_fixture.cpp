// SPDX-License-Identifier: BSD-3-Clause
#include "edge_fixture.hpp"

#include "core/base/text.hpp"

#include <chrono>
#include <filesystem>

namespace recorte::http {

class Tap::Reader : public Stream {
 public:
  explicit Reader(std::shared_ptr<Tap> tap) : tap_(std::move(tap)) {}
  ~Reader() override {
    const std::lock_guard lock(tap_->mutex_);
    tap_->dropped_ = true;
  }
  Result<State> next(Piece& piece, const std::function<void()>& wake) override {
    const std::lock_guard lock(tap_->mutex_);
    ++tap_->asked_;
    tap_->wake_ = wake;
    if (!tap_->pieces_.empty()) {
      piece = text_piece(std::move(tap_->pieces_.front()));
      tap_->pieces_.pop_front();
      return State::kPiece;
    }
    if (!tap_->error_.empty()) return recorte::fail(ErrorCode::kPlugin, tap_->error_);
    return tap_->ended_ ? State::kEnd : State::kLater;
  }

 private:
  const std::shared_ptr<Tap> tap_;
};

std::unique_ptr<Stream> Tap::stream() { return std::make_unique<Reader>(shared_from_this()); }

void Tap::change(const std::function<void()>& what) {
  {
    const std::lock_guard lock(mutex_);
    what();
  }
  wake();
}
void Tap::put(std::string bytes) {
  change([&] { pieces_.push_back(std::move(bytes)); });
}
void Tap::end() {
  change([&] { ended_ = true; });
}
void Tap::fail(std::string why) {
  change([&] { error_ = std::move(why); });
}
void Tap::wake() {
  std::function<void()> call;
  {
    const std::lock_guard lock(mutex_);
    call = wake_;
  }
  if (call) call();
}
int Tap::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}
bool Tap::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

EdgeTest::EdgeTest() {
  options.reactors = 2;
  options.limits.handlers = 2;
  options.proxies.trusted = {Network::parse("127.0.0.0/8").value()};
}

EdgeTest::~EdgeTest() { edge.reset(); }

void EdgeTest::start() {
  auto started = Edge::start(
      options, [this](auto request, auto reply) { handle(request, reply); },
      [this](const Request& request, const Ending& ending) {
        const std::lock_guard lock(mutex_);
        told_.push_back({request.method, request.path, request.address, ending});
        changed_.notify_all();
      });
  ASSERT_TRUE(started) << started.error().message;
  edge = std::move(*started);
}

std::vector<Told> EdgeTest::observed(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(30), [&] { return told_.size() >= count; });
  EXPECT_EQ(told_.size(), count);
  auto told = told_;
  told.resize(count);
  return told;
}

std::unique_ptr<Reply> EdgeTest::later() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(30), [&] { return !waiting_.empty(); });
  if (waiting_.empty()) {
    ADD_FAILURE() << "no request of /later came";
    return std::make_unique<Reply>([](Response) {}, nullptr);
  }
  auto reply = std::move(waiting_.front());
  waiting_.pop_front();
  return reply;
}

void EdgeTest::handle(const std::shared_ptr<Request>& request, const Reply& reply) {
  const auto& path = request->path;
  request->route = path.substr(0, path.find('/', 1));
  if (const auto at = routes.find(path); at != routes.end()) return at->second(request, reply);
  if (path == "/echo") return reply(text_response(200, "text/plain", request->body));
  if (path == "/later") {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::make_unique<Reply>(reply));
    changed_.notify_all();
    return;
  }
  if (path == "/lost") return;
  if (path == "/stream") {
    Response response;
    response.body = tap->stream();
    return reply(std::move(response));
  }
  if (path.starts_with("/bytes/"))
    return reply(text_response(
        200, "text/plain", pattern(static_cast<std::size_t>(to_int(path.substr(7)).value_or(0)))));
  if (path.starts_with("/file/")) {
    const auto size = to_int(path.substr(6)).value_or(0);
    auto file = make_memfd("edge").value();
    const auto bytes = pattern(static_cast<std::size_t>(size));
    EXPECT_TRUE(write_all(file.get(), std::as_bytes(std::span(bytes))));
    Response response;
    response.body =
        std::vector<Piece>{FileRange{std::make_shared<const Fd>(std::move(file)), 0, size}};
    return reply(std::move(response));
  }
  reply(text_response(404, "text/plain", "nothing is here"));
}

std::string pattern(std::size_t size) {
  std::string out(size, ' ');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + (i + i / 997) % 26);
  return out;
}

std::size_t descriptors(std::string_view of) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code closed;
    if (std::filesystem::read_symlink(entry.path(), closed).native().starts_with(of)) ++count;
  }
  return count;
}

}  // namespace recorte::http
