// SPDX-License-Identifier: BSD-3-Clause
#include "server/soda/error_text.hpp"

#include <gmock/gmock.h>

namespace {

using namespace recorte;
using namespace testing;

std::string text_of(const http::Response& response) {
  std::string out;
  for (const auto& piece : std::get<std::vector<http::Piece>>(response.body))
    out += *std::get<http::Text>(piece).bytes;
  return out;
}

struct Row {
  ErrorCode code;
  int status;
  std::string word;
};

TEST(ErrorText, BeginsWithTheWordOfSoda) {
  for (const auto& row : {Row{ErrorCode::kUsage, 400, "UsageError"},
                          Row{ErrorCode::kMultiValued, 400, "MultiValuedParamNotSupported"},
                          Row{ErrorCode::kNotFound, 404, "UsageError"},
                          Row{ErrorCode::kUnauthenticated, 401, "AuthenticationError"},
                          Row{ErrorCode::kForbidden, 403, "AuthorizationError"},
                          Row{ErrorCode::kUnavailable, 503, "ServiceUnavailable"},
                          Row{ErrorCode::kPlugin, 500, "Error"}}) {
    const auto response = soda::error_text({}, {row.code, "the reason"});
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(text_of(response), row.word + ": the reason\n");
    EXPECT_THAT(*response.headers.find("Content-Type"), StartsWith("text/plain"));
    EXPECT_EQ(response.headers.find("Retry-After") != nullptr, row.status == 503);
  }
}

TEST(ErrorText, NoCoverageHasNeitherBodyNorType) {
  const auto response = soda::error_text({}, {ErrorCode::kNoCoverage, "no image"});
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(text_of(response), "");
  EXPECT_EQ(response.headers.find("Content-Type"), nullptr);
  EXPECT_EQ(response.notes.error, "no image") << "the record says why all the same";
}

}  // namespace
