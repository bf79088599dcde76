// SPDX-License-Identifier: Apache-2.0
// Words of fixed lists as people type them: a sex, a status, yes and no. There is one way to compare them, that of
// names: the words are the same when their exact forms are, in any case of the letters, composed or decomposed,
// wherever in its syllable the tone was typed, with white space or a byte order mark around them or not.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// The place in `words` of the word that the text is, or words.size(). Marks count: "nứ" is not "nữ"; where a word may
// lose them all the list has it without them, too. Empty text is the word "" only.
// Requires: each word is in its exact form (see name.hpp), though its letters A to Z may be in lower case.
// Complexity: linear; allocates nothing; text without marks that is one of the words as it stands takes no detour.
// Concurrency: any thread.
[[nodiscard]] XACTHUC_API std::size_t find_word(std::span<const std::string_view> words,
                                                std::string_view text) noexcept;

}  // namespace xacthuc::inline v0_1
