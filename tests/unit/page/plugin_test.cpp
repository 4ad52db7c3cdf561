// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/plugin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

namespace recorte::page {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PluginPage, MarkdownBecomesHtml) {
  const auto html = html_of_markdown(
      "# Title\n\nSome `code` and **weight**.\n\n```toml\nroot = \"/data\"\n```\n\n"
      "| a | b |\n|---|---|\n| 1 | 2 |\n\n- <https://doi.org/10.1/x>\n");
  for (const auto* part :
       {"<h1>Title</h1>", "<code>code</code>", "<strong>weight</strong>",
        "root = &quot;/data&quot;", "<td>1</td>", "href=\"https://doi.org/10.1/x\""})
    EXPECT_THAT(html, HasSubstr(part));
}

TEST(PluginPage, NothingOfAReadmeActs) {
  const auto html = html_of_markdown(
      "<script>alert(1)</script>\n\n<b onclick=\"x()\">b</b>\n\n[a](javascript:alert(1)) "
      "[b](  data:text/html,x ) [c](../../docs/x.md) [d](https://a.example/\"onclick=\"x) "
      "[e](#cite)\n");
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<b ")));
  EXPECT_THAT(html, Not(HasSubstr("javascript")));
  EXPECT_THAT(html, Not(HasSubstr("data:")));
  EXPECT_THAT(html, Not(HasSubstr("docs/x.md")));
  EXPECT_THAT(html, HasSubstr("<a>c</a>"));
  EXPECT_THAT(html, HasSubstr("href=\"#cite\""));
  pugi::xml_document tree;
  ASSERT_TRUE(tree.load_string(("<main>" + html + "</main>").c_str())) << html;
  for (const auto& node : tree.select_nodes("//a/@*"))
    EXPECT_STREQ(node.attribute().name(), "href") << html;
}

}  // namespace
}  // namespace recorte::page
