// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/address.hpp"
#include "core/config/document.hpp"
#include "core/config/mail_address.hpp"
#include "core/config/settings.hpp"

#include <gmock/gmock.h>

namespace recorte::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Result<Settings> read(std::string_view text) {
  const auto document = parse_toml(text, "/etc/recorte/recorte.toml");
  if (!document) return fail(document.error());
  return settings_of(*document);
}

TEST(NotifySettings, AreRead) {
  const auto r = read(R"(
[mail]
server = "SMTP://Mail.Example.org"
plain = true
from = "Recorte@Example.org"
user = "recorte"
password = { env = "PASSWORD" }
ca = "ca.pem"
domains = ["Example.org", "*"]
[webhook]
hosts = ["Hooks.example.org", "a.org:443", "b.org:8443", "http://127.0.0.1:9000", "http://c.org:80"]
secret = { file = "key" }
[alert]
url = "https://ops.example.org/a?b=c"
[notify]
attempts = 3
pause = "0.5s"
longest_pause = "2h"
)");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->mail.server, "smtp://mail.example.org:587");
  EXPECT_TRUE(r->mail.plain);
  EXPECT_EQ(r->mail.from, "Recorte@example.org");
  EXPECT_EQ(r->mail.user, "recorte");
  EXPECT_EQ(r->mail.password.from, Secret::From::kEnvironment);
  EXPECT_EQ(r->mail.password.name, "PASSWORD");
  EXPECT_EQ(r->mail.ca, "/etc/recorte/ca.pem");
  EXPECT_THAT(r->mail.domains, ElementsAre("example.org", "*"));
  EXPECT_THAT(r->webhook.hosts,
              ElementsAre("https://hooks.example.org", "https://a.org", "https://b.org:8443",
                          "http://127.0.0.1:9000", "http://c.org"));
  EXPECT_EQ(r->webhook.secret.from, Secret::From::kFile);
  EXPECT_EQ(r->webhook.secret.name, "/etc/recorte/key");
  EXPECT_EQ(r->alert.url, "https://ops.example.org/a?b=c");
  EXPECT_EQ(r->notify.attempts, 3);
  EXPECT_EQ(r->notify.pause, 500'000);
  EXPECT_EQ(r->notify.longest_pause, 7'200'000'000);
}

TEST(NotifySettings, TellNobodyWithoutAWord) {
  const auto r = read("");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->mail.server, "");
  EXPECT_TRUE(r->mail.domains.empty());
  EXPECT_TRUE(r->webhook.hosts.empty());
  EXPECT_EQ(r->alert.url, "");
}

TEST(NotifySettings, ASecretInTheFileIsRefusedAndNotRepeated) {
  for (const auto* value : {R"("hunter2")", R"({ value = "hunter2" })", R"(["hunter2"])",
                            R"({ env = "A", file = "hunter2" })", R"({ env = "" })", "7"}) {
    const auto r = read("[mail]\npassword = " + std::string(value) + "\n");
    ASSERT_FALSE(r) << value;
    EXPECT_THAT(r.error().message, HasSubstr("/etc/recorte/recorte.toml:2: password: "));
    EXPECT_THAT(r.error().message, HasSubstr("{ env = \"RECORTE_MAIL_PASSWORD\" }"));
    EXPECT_THAT(r.error().message, Not(HasSubstr("hunter2")));
  }
}

TEST(NotifySettings, WrongOnesAreRefused) {
  for (const auto* text :
       {R"([mail] server = "mail.example.org:25")", R"([mail] server = "smtp://a.org/x")",
        R"([mail] server = "http://a.org")", R"([mail] from = "Recorte <a@b.org>")",
        R"([mail] domains = ["@example.org"])", R"([webhook] hosts = ["*"])",
        R"([webhook] hosts = ["a.org/hook"])", R"([webhook] hosts = ["ftp://a.org"])",
        R"([alert] url = "ops.example.org")", R"([notify] attempts = 0)"}) {
    std::string lines(text);
    lines.replace(lines.find("] "), 2, "]\n");
    const auto r = read(lines);
    ASSERT_FALSE(r) << text;
    EXPECT_THAT(r.error().message, HasSubstr("recorte.toml:2: ")) << text;
  }
}

TEST(MailAddress, HasANameAndADomain) {
  for (const auto* good : {"a@b.org", "first.last+tag@sub.example.org", "o'neil@localhost"})
    EXPECT_EQ(parse_mail_address(good).value(), good);
  EXPECT_EQ(parse_mail_address(" Some.One@EXAMPLE.org ").value(), "Some.One@example.org");
  for (const std::string bad : {"",
                                "@",
                                "a",
                                "a@",
                                "@b.org",
                                "a@b@c.org",
                                "a b@c.org",
                                "a@b .org",
                                ".a@b.org",
                                "a.@b.org",
                                "a..b@c.org",
                                "a@-b.org",
                                "a@b..org",
                                "a@b.org.",
                                "<a@b.org>",
                                "A <a@b.org>",
                                "a@b.org,c@d.org",
                                "a@b.org\r\nBcc: c@d.org",
                                "\"a\"@b.org",
                                "a@[127.0.0.1]",
                                "ä@b.org"})
    EXPECT_FALSE(parse_mail_address(bad)) << bad;
  EXPECT_FALSE(parse_mail_address(std::string(65, 'a') + "@b.org"));
  EXPECT_FALSE(parse_mail_address("a@" + std::string(64, 'b') + ".org"));
  const auto refused = parse_mail_address("a\r\nb");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "'a??b' is no mail address; write it as name@example.org");
}

}  // namespace
}  // namespace recorte::config
