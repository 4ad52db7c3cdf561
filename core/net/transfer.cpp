// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/transfer.hpp"

#include <signal.h>

#include <ctime>
#include <new>
#include <stdexcept>

namespace recorte::net {
namespace {

/// Before the first use, once, whoever comes first.
void set_up() {
  static const auto done = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (done != CURLE_OK) throw std::runtime_error("libcurl cannot be set up");
}

/// A connection that breaks while OpenSSL writes raises SIGPIPE in the writing thread, which would
/// end the process: it is kept from this thread, and is gone before the thread hears it.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutPipeSignal() {
    const timespec at_once{};
    if (!was_pending_) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

 private:
  sigset_t pipe_{}, before_{};
  bool was_pending_ = false;
};

}  // namespace

void add_line(Lines& lines, const std::string& line) {
  auto* longer = curl_slist_append(lines.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)lines.release();  // `longer` begins with it
  lines.reset(longer);
}

Transfer::Transfer(const Bounds& bounds) : bounds_(bounds) {
  set_up();
  easy_.reset(curl_easy_init());
  if (!easy_) throw std::bad_alloc();
  set(CURLOPT_ERRORBUFFER, error_.data());
  set(CURLOPT_NOSIGNAL, 1L);  // signals are the process's, and this is one thread of many
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(bounds.connect / 1'000));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(bounds.whole / 1'000));
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(bounds.whole / 1'000'000 + 1));
  set(CURLOPT_PROXY, "");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!bounds.ca.empty()) set(CURLOPT_CAINFO, bounds.ca.c_str());
  set(CURLOPT_WRITEFUNCTION, &hear);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, &hear);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &look);
  set(CURLOPT_XFERINFODATA, this);
}

void Transfer::check(CURLcode code) {
  if (code != CURLE_OK)
    throw std::logic_error(std::string("an option of libcurl: ") + curl_easy_strerror(code));
}

void Transfer::keep(std::string& body) {
  body_ = &body;
  set(CURLOPT_WRITEFUNCTION, &take);
}

std::size_t Transfer::take(char* bytes, std::size_t size, std::size_t count, void* transfer) {
  const auto taken = hear(bytes, size, count, transfer);
  static_cast<Transfer*>(transfer)->body_->append(bytes, taken);
  return taken;
}

/// Counts what is said; its words are nobody's.
std::size_t Transfer::hear(char*, std::size_t size, std::size_t count, void* transfer) {
  auto& self = *static_cast<Transfer*>(transfer);
  self.heard_ += size * count;
  return self.heard_ > self.bounds_.answer ? 0 : size * count;
}

int Transfer::look(void* transfer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto* stop = static_cast<Transfer*>(transfer)->bounds_.stop;
  return stop != nullptr && *stop ? 1 : 0;
}

CURLcode Transfer::run() {
  const WithoutPipeSignal quiet;
  heard_ = 0;
  error_.front() = '\0';
  return curl_easy_perform(easy_.get());
}

long Transfer::status() const {
  long status = 0;
  check(curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status));
  return status;
}

std::string Transfer::why(CURLcode code) const {
  return error_.front() != '\0' ? error_.data() : curl_easy_strerror(code);
}

bool is_connection_failure(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:  // a certificate is renewed, and nothing was said yet
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_ABORTED_BY_CALLBACK: return true;
    default: return false;
  }
}

}  // namespace recorte::net
