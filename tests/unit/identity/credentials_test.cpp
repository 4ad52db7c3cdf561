// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/credentials.hpp"

#include "server/identity/base64.hpp"

#include <gmock/gmock.h>

namespace recorte::identity {
namespace {

using namespace testing;
using Kind = auth::Credentials::Kind;
using Fields = std::vector<std::pair<std::string, std::string>>;

http::Request request(const Fields& fields, std::string base_url = "http://127.0.0.1:8080") {
  http::Request out;
  for (const auto& [name, value] : fields) out.headers.add(name, value);
  out.base_url = std::move(base_url);
  out.address = "192.0.2.1";
  out.id = "0123456789abcdef";
  return out;
}

auto read(const Fields& fields) { return read_credentials(request(fields)); }

ErrorCode refused(const Fields& fields) {
  const auto out = read(fields);
  EXPECT_FALSE(out);
  return out ? ErrorCode::kInternal : out.error().code;
}

TEST(Credentials, OfNobody) {
  const auto out = read({{"Accept", "*/*"}, {"Cookie", "theme=dark; recorter=x"}});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->kind, Kind::kNone);
}

TEST(Credentials, ABearerToken) {
  const auto out = read({{"authorization", "bearer  abc.DEF-_~+/= "}});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->kind, Kind::kBearer);
  EXPECT_EQ(out->secret, "abc.DEF-_~+/=");
  EXPECT_EQ(out->address, "192.0.2.1");
  EXPECT_EQ(out->request_id, "0123456789abcdef");
}

TEST(Credentials, BasicInUtf8) {
  // "zoë:a:ß"
  const auto out = read({{"Authorization", "Basic em/DqzphOsOf"}});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->kind, Kind::kBasic);
  EXPECT_EQ(out->user, "zo\u00eb");
  EXPECT_EQ(out->secret, "a:\u00df") << "a password may hold ':'";
  const auto empty = read({{"Authorization", "Basic YW5uOg=="}});
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->secret, "");
}

TEST(Credentials, NoPasswordIsTakenInClear) {
  auto asked = request({{"Authorization", "Basic YW5uOnNlY3JldA=="}});
  asked.in_clear = true;
  const auto out = read_credentials(asked);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(out.error().message, AllOf(HasSubstr("https"), Not(HasSubstr("secret"))));
  auto token = request({{"Authorization", "Bearer abc"}});
  token.in_clear = true;
  EXPECT_TRUE(read_credentials(token));
}

TEST(Credentials, MalformedOnes) {
  for (const auto* field :
       {"Bearer", "Bearer ", "Bearer a b", "Bearer \xc3\xa9", "Basic", "Basic !!!", "Basic YW5u",
        "Basic YW5uOv8=", "Basic YQBuOmI=", "Basic YW5uO"})
    EXPECT_EQ(refused({{"Authorization", field}}), ErrorCode::kUsage) << field;
  EXPECT_EQ(refused({{"Authorization", "Basic YW5uOmI="}, {"authorization", "Bearer x"}}),
            ErrorCode::kUsage);
  EXPECT_EQ(refused({{"Authorization", "Digest username=\"ann\""}}), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused({{"Authorization", ""}}), ErrorCode::kUnauthenticated);
}

TEST(Credentials, ErrorsHoldNoSecret) {
  for (const auto* field : {"Bearer geheim geheim", "Basic geheim", "geheim"})
    EXPECT_THAT(read({{"Authorization", field}}).error().message, Not(HasSubstr("geheim")));
}

TEST(Credentials, TheCookieHasANameThatTheUrlAllows) {
  EXPECT_EQ(session_cookie("https://sky.example"), "__Host-recorte");
  EXPECT_EQ(session_cookie("https://sky.example/cut"), "__Secure-recorte");
  EXPECT_EQ(session_cookie("http://localhost:8080"), "recorte");
  const Fields fields{{"Cookie", "a=b; recorte=plain; __Host-recorte=kept"}};
  const auto plain = read_credentials(request(fields));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->kind, Kind::kSession);
  EXPECT_EQ(plain->secret, "plain");
  EXPECT_EQ(read_credentials(request(fields, "https://sky.example"))->secret, "kept");
  EXPECT_EQ(read_credentials(request({{"Cookie", "recorte=x"}}, "https://sky.example"))->kind,
            Kind::kNone)
      << "whoever can set a cookie on plain http signs nobody in on https";
}

TEST(Credentials, TwoSessionsAreNone) {
  EXPECT_EQ(read({{"Cookie", "a=b"}, {"cookie", "recorte=own"}})->secret, "own");
  for (const Fields& fields : {Fields{{"Cookie", "recorte=theirs; recorte=own"}},
                               Fields{{"Cookie", "recorte=theirs"}, {"cookie", "recorte=own"}}})
    EXPECT_EQ(read(fields)->kind, Kind::kNone)
        << "another host of the domain may have set the first";
}

TEST(Credentials, AuthorizationWinsOverTheCookie) {
  const auto out = read({{"Cookie", "recorte=x"}, {"Authorization", "Bearer y"}});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->kind, Kind::kBearer);
  EXPECT_EQ(out->secret, "y");
}

TEST(Credentials, NeverInTheQueryOrAForm) {
  auto with = request({});
  with.parameters.push_back({"Access_Token", "x"});
  EXPECT_EQ(read_credentials(with).error().code, ErrorCode::kUsage);
}

TEST(Credentials, ForWhomAServiceActs) {
  const auto out = read({{"Authorization", "Bearer x"}, {"X-Recorte-On-Behalf-Of", " ann "}});
  ASSERT_TRUE(out);
  EXPECT_EQ(out->on_behalf_of, "ann");
  EXPECT_EQ(refused({{"X-Recorte-On-Behalf-Of", "ann"}}), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused({{"X-Recorte-On-Behalf-Of", "ann"}, {"Cookie", "recorte=x"}}),
            ErrorCode::kUnauthenticated)
      << "a service has a token";
  for (const auto* name : {"", "ann, bob", "an n"})
    EXPECT_EQ(refused({{"Authorization", "Bearer x"}, {"X-Recorte-On-Behalf-Of", name}}),
              ErrorCode::kUsage)
        << name;
  EXPECT_EQ(refused({{"Authorization", "Bearer x"},
                     {"X-Recorte-On-Behalf-Of", "ann"},
                     {"X-Recorte-On-Behalf-Of", "bob"}}),
            ErrorCode::kUsage);
}

TEST(Base64, IsReadAsRfc4648HasIt) {
  for (const auto& [text, plain] :
       {std::pair{"", ""}, {"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYg", "foob"}})
    EXPECT_EQ(decode_base64(text), plain) << text;
  for (const auto* text : {"Z", "Zm9v!", "Zg===", "Zm 9v", "=", "Z=g="})
    EXPECT_FALSE(decode_base64(text)) << text;
}

}  // namespace
}  // namespace recorte::identity
