// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/hardening.hpp"

#include <gmock/gmock.h>

namespace recorte::http {
namespace {

using namespace testing;

Headers hardened(const char* type, const char* url = "https://sky.example",
                 const char* policy = "") {
  Request request;
  request.base_url = url;
  auto response = text_response(200, type, "x");
  if (*policy != '\0') response.headers.add("Content-Security-Policy", policy);
  harden(request, response);
  return response.headers;
}

TEST(Hardening, NothingIsTakenForWhatItIsNot) {
  for (const auto* type : {"text/plain", "application/fits", "text/html; charset=utf-8"})
    EXPECT_EQ(*hardened(type).find("X-Content-Type-Options"), "nosniff") << type;
}

TEST(Hardening, OfPages) {
  const auto page = hardened("text/html; charset=utf-8");
  EXPECT_THAT(*page.find("Content-Security-Policy"),
              AllOf(HasSubstr("default-src 'none'"), HasSubstr("frame-ancestors 'none'")));
  EXPECT_EQ(*page.find("Referrer-Policy"), "same-origin");
  EXPECT_EQ(hardened("text/plain").find("Content-Security-Policy"), nullptr);
  EXPECT_EQ(*hardened("text/html", "https://sky.example", "default-src 'self'")
                 .find("Content-Security-Policy"),
            "default-src 'self'")
      << "the page knows better";
}

TEST(Hardening, WhereItIsReachedByHttpsItIsNotReachedOtherwise) {
  EXPECT_EQ(*hardened("text/plain").find("Strict-Transport-Security"), "max-age=31536000");
  EXPECT_EQ(hardened("text/plain", "http://127.0.0.1:8080").find("Strict-Transport-Security"),
            nullptr);
}

}  // namespace
}  // namespace recorte::http
