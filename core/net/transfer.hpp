/// One transfer by libcurl, bounded in time and in what comes back. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/net/delivery.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>

namespace recorte::net {

struct EndTransfer {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Lines = std::unique_ptr<curl_slist, EndTransfer>;

/// Throws std::bad_alloc where there is no memory for the line.
void add_line(Lines& lines, const std::string& line);

class Transfer {
 public:
  /// Nothing of the environment counts: no proxy, no .netrc. Certificates are checked. `bounds`
  /// must outlive it.
  explicit Transfer(const Bounds& bounds);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// An option that cannot be set is a bug: std::logic_error.
  template <class T>
  void set(CURLoption option, T value) {
    check(curl_easy_setopt(easy_.get(), option, value));
  }
  /// Has the body of the answer put there, which is otherwise nobody's.
  void keep(std::string& body);
  /// What curl says; status() is then the last that the other side said, 0 where it said nothing.
  CURLcode run();
  long status() const;
  /// What went wrong, in curl's words.
  std::string why(CURLcode code) const;

 private:
  static void check(CURLcode code);
  static std::size_t take(char* bytes, std::size_t size, std::size_t count, void* transfer);
  static std::size_t hear(char* bytes, std::size_t size, std::size_t count, void* transfer);
  static int look(void* transfer, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

  const Bounds& bounds_;
  std::unique_ptr<CURL, EndTransfer> easy_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::size_t heard_ = 0;
  std::string* body_ = nullptr;
};

/// Whether no connection was made, or it broke.
bool is_connection_failure(CURLcode code);

}  // namespace recorte::net
