// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/jwt.hpp"
#include "auth/oidc/key_set.hpp"

#include <gmock/gmock.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <vector>

namespace recorte::auth::oidc {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string base64url(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  out.resize(static_cast<std::size_t>(EVP_EncodeBlock(
      reinterpret_cast<unsigned char*>(out.data()),
      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()))));
  out.erase(std::min(out.find('='), out.size()));
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

class Pair {
 public:
  Pair(std::string id, bool rsa) : id_(std::move(id)), rsa_(rsa) {
    key_.reset(rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
  }

  json jwk(const json& more = json::object()) const {
    json out = rsa_ ? json{{"kty", "RSA"}, {"n", number("n", 0)}, {"e", number("e", 0)}}
                    : json{{"kty", "EC"},
                           {"crv", "P-256"},
                           {"x", number("qx", 32)},
                           {"y", number("qy", 32)}};
    out["kid"] = id_;
    out.update(more);
    return out;
  }

  std::string token(const json& claims = {{"sub", "1"}}, bool pss = false) const {
    const auto* algorithm = !rsa_ ? "ES256" : pss ? "PS256" : "RS256";
    const auto text =
        base64url(json{{"alg", algorithm}, {"kid", id_}}.dump()) + "." + base64url(claims.dump());
    return text + "." + base64url(signature(text, pss));
  }

 private:
  std::string number(const char* name, int size) const {
    BIGNUM* big = nullptr;
    EXPECT_EQ(EVP_PKEY_get_bn_param(key_.get(), name, &big), 1);
    const auto out = bytes_of(big, size);
    BN_free(big);
    return base64url(out);
  }

  static std::string bytes_of(const BIGNUM* big, int size) {
    std::string out(static_cast<std::size_t>(size == 0 ? BN_num_bytes(big) : size), '\0');
    BN_bn2binpad(big, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
    return out;
  }

  std::string signature(const std::string& text, bool pss) const {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> with(EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free);
    EVP_PKEY_CTX* padding = nullptr;
    EXPECT_EQ(EVP_DigestSignInit(with.get(), &padding, EVP_sha256(), nullptr, key_.get()), 1);
    if (pss) {
      EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, 32);
    }
    std::size_t size = 1'024;
    std::string out(size, '\0');
    auto* raw = reinterpret_cast<unsigned char*>(out.data());
    EXPECT_EQ(EVP_DigestSign(with.get(), raw, &size,
                             reinterpret_cast<const unsigned char*>(text.data()), text.size()),
              1);
    out.resize(size);
    if (rsa_) return out;
    const auto* der = reinterpret_cast<const unsigned char*>(out.data());
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> both(
        d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(size)), ECDSA_SIG_free);
    return bytes_of(ECDSA_SIG_get0_r(both.get()), 32) + bytes_of(ECDSA_SIG_get0_s(both.get()), 32);
  }

  const std::string id_;
  const bool rsa_;
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_{nullptr, EVP_PKEY_free};
};

const Pair& rsa() {
  static const Pair pair("one", true);
  return pair;
}
const Pair& other_rsa() {
  static const Pair pair("one", true);
  return pair;
}
const Pair& ec() {
  static const Pair pair("two", false);
  return pair;
}

KeySet set_of(std::vector<json> keys) { return KeySet::of({{"keys", std::move(keys)}}).value(); }

TEST(KeySet, KnowsWhatItsKeysSigned) {
  const auto keys = set_of({rsa().jwk(), ec().jwk()});
  EXPECT_EQ(keys.size(), 2U);
  EXPECT_TRUE(keys.signed_this(rsa().token(), "RS256", "one"));
  EXPECT_TRUE(keys.signed_this(rsa().token(), "RS256", "")) << "each key is tried";
  EXPECT_TRUE(keys.signed_this(rsa().token({{"sub", "1"}}, true), "PS256", "one"));
  EXPECT_TRUE(keys.signed_this(ec().token(), "ES256", "two"));
  EXPECT_FALSE(keys.signed_this(rsa().token(), "RS256", "three"));
  EXPECT_FALSE(keys.signed_this(rsa().token(), "RS256", "two"));
}

TEST(KeySet, TakesNoOtherSignature) {
  const auto keys = set_of({rsa().jwk(), ec().jwk()});
  EXPECT_FALSE(keys.signed_this(other_rsa().token(), "RS256", "one"));
  auto tampered = rsa().token();
  const auto dot = tampered.find('.');
  tampered[dot + 5] = tampered[dot + 5] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(keys.signed_this(tampered, "RS256", "one"));
  EXPECT_FALSE(keys.signed_this(rsa().token() + std::string("\0x", 2), "RS256", "one"));
}

// liboauth2 keeps what it found of a token for all keys together, unless it is told not to.
TEST(KeySet, TakesNoOtherKeysWordForItsOwn) {
  const auto token = rsa().token({{"sub", "1"}, {"exp", 4'000'000'000}});
  EXPECT_TRUE(set_of({rsa().jwk()}).signed_this(token, "RS256", "one"));
  EXPECT_FALSE(set_of({other_rsa().jwk()}).signed_this(token, "RS256", "one"));
}

TEST(KeySet, HasEachKeyForWhatItIsFor) {
  const auto keys = set_of({rsa().jwk({{"alg", "RS512"}}), ec().jwk()});
  EXPECT_FALSE(keys.signed_this(rsa().token(), "RS256", "one"));
  for (const auto* none : {"none", "None", "HS256", ""})
    EXPECT_FALSE(keys.signed_this(rsa().token(), none, "one")) << none;
  const auto rest = set_of({rsa().jwk({{"use", "enc"}}),
                            ec().jwk(),
                            rsa().jwk({{"key_ops", {"encrypt"}}}),
                            {{"kty", "oct"}, {"k", "AAAA"}},
                            {{"kty", "RSA"}, {"n", "AQAB"}},
                            7});
  EXPECT_EQ(rest.size(), 1U);
  EXPECT_TRUE(rest.has("two"));
  EXPECT_FALSE(rest.has("one"));
}

TEST(KeySet, IsNoneWithoutAKey) {
  for (const auto& document : {json(), json::array(), json{{"keys", 1}},
                               json{{"keys", json::array({{{"kty", "oct"}, {"k", "AAAA"}}})}}})
    EXPECT_EQ(KeySet::of(document).error().code, ErrorCode::kData) << document;
}

TEST(Jwt, IsTakenApart) {
  const auto jwt = parse_jwt(ec().token());
  ASSERT_TRUE(jwt);
  EXPECT_EQ(jwt->algorithm, "ES256");
  EXPECT_EQ(jwt->key_id, "two");
  EXPECT_EQ(jwt->claims["sub"], "1");
}

std::string wrong(const std::string& header, const std::string& claims) {
  const auto jwt = parse_jwt(base64url(header) + "." + base64url(claims) + ".AAAA");
  return jwt ? "nothing" : jwt.error().message;
}

TEST(Jwt, IsRefusedWhereTwoReadersCouldReadTwoThings) {
  EXPECT_EQ(wrong(R"({"alg":"RS256"})", R"({"a":1})"), "nothing");
  for (const auto* claims : {R"({"sub":"1","sub":"2"})", R"([1])", R"({"a":1} x)", "", R"({"a":)"})
    EXPECT_THAT(wrong(R"({"alg":"RS256"})", claims), HasSubstr("no JSON objects")) << claims;
  EXPECT_THAT(wrong(R"({"alg":"none","alg":"RS256"})", "{}"), HasSubstr("no JSON objects"));
  std::string deep = "1";
  for (int i = 0; i < 50; ++i) deep = "[" + deep + "]";
  EXPECT_THAT(wrong(R"({"alg":"RS256"})", R"({"a":)" + deep + "}"), HasSubstr("no JSON objects"));
  EXPECT_THAT(wrong(R"({"alg":1})", "{}"), HasSubstr("header is malformed"));
  EXPECT_THAT(wrong(R"({"alg":"RS256","kid":["x"]})", "{}"), HasSubstr("header is malformed"));
  for (const auto* text : {"e30.e30.A", "e30=.e30.", "e31.e30.", "e30.e3+.", "e30.e30"})
    EXPECT_FALSE(parse_jwt(text)) << text;
}

TEST(Jwt, IsToldFromAnOpaqueToken) {
  EXPECT_TRUE(looks_like_jwt(rsa().token()));
  EXPECT_TRUE(looks_like_jwt("e30.e30."));
  for (const auto* text :
       {"", "abc", "..", "a.b.c", "....", "https://cilogon.org/oauth2/x?ts=1.2.3"})
    EXPECT_FALSE(looks_like_jwt(text)) << text;
}

}  // namespace
}  // namespace recorte::auth::oidc
