// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/fill.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

namespace recorte::page {
namespace {

using nlohmann::json;

TEST(Fill, TextIsEscaped) {
  EXPECT_EQ(fill("<b title=\"{{t}}\">", {{"t", R"(<a> & "b" 'c')"}}),
            "<b title=\"&lt;a&gt; &amp; &quot;b&quot; &#39;c&#39;\">");
}

TEST(Fill, WhatIsFilledInIsNotReadAgain) {
  EXPECT_EQ(fill("{{a}}", {{"a", "{{b}}"}, {"b", "no"}}), "{{b}}");
}

TEST(Fill, ASectionStandsForEachObjectOfAList) {
  const json data{{"of", "x"}, {"list", {{{"n", "1"}}, {{"n", "2"}}}}};
  EXPECT_EQ(fill("[{{#list}}{{n}}{{of}} {{/list}}]", data), "[1x 2x ]");
  EXPECT_EQ(fill("[{{#list}}{{n}}{{/list}}]", {{"list", json::array()}}), "[]");
}

TEST(Fill, ASectionStandsOnceForAnObjectOrTrue) {
  EXPECT_EQ(fill("{{#a}}{{n}}{{/a}}", {{"n", "outer"}, {"a", {{"n", "inner"}}}}), "inner");
  EXPECT_EQ(fill("{{#a}}yes{{/a}}", {{"a", true}}), "yes");
  EXPECT_EQ(fill("{{#a}}yes{{/a}}", {{"a", false}}), "");
  EXPECT_EQ(fill("{{#a}}yes{{/a}}", {{"a", nullptr}}), "");
}

TEST(Fill, APageThatDoesNotFitItsDataIsABug) {
  EXPECT_THROW(fill("{{a}}", {{"b", "1"}}), std::logic_error);
  EXPECT_THROW(fill("{{#a}}", {{"a", true}}), std::logic_error);
  EXPECT_THROW(fill("{{a", {{"a", "1"}}), std::logic_error);
  EXPECT_THROW(fill("{{a}}", {{"a", 1}}), json::type_error);
}

}  // namespace
}  // namespace recorte::page
