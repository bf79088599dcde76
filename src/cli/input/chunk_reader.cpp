// SPDX-License-Identifier: Apache-2.0
#include "cli/input/chunk_reader.hpp"

#include <fmt/format.h>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {
namespace {

// What the first bytes of a file say of its encoding.
void pass_byte_order_mark(std::string& text, const std::string& name) {
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
        throw command_error{exit_code::usage, "the file is UTF-16, wanted UTF-8: " + name};
}

}  // namespace

chunk_reader::chunk_reader(input_file& from, row_kind kind, char delimiter, std::size_t chunk_bytes)
    : from_{from}, kind_{kind}, delimiter_{delimiter}, chunk_bytes_{chunk_bytes} {
    while (!at_end_ && carry_.size() < 3) read_more(carry_);
    pass_byte_order_mark(carry_, from.name());
}

void chunk_reader::read_more(std::string& text) {
    const auto old_size = text.size();
    text.resize(old_size + chunk_bytes_);
    const auto got = from_.read({text.data() + old_size, chunk_bytes_});
    text.resize(old_size + got);
    bytes_read_ += got;
    at_end_ = got == 0;
}

std::size_t chunk_reader::whole_bytes(std::string_view text) const noexcept {
    if (kind_ == row_kind::csv) return csv::whole_rows_bytes(text, delimiter_);
    return text.rfind('\n') + 1;  // npos + 1 is 0
}

void chunk_reader::refuse_open_quotes(std::uint64_t line) const {
    throw command_error{exit_code::failed,
                        fmt::format("a quoted field is not closed by the end of the file: {}, the row from line {} on",
                                    from_.name(), line)};
}

// An endless line is read and forgotten; what follows its line feed is kept.
void chunk_reader::pass_rest_of_line() {
    carry_.clear();
    while (!at_end_) {
        read_more(carry_);
        const auto feed = carry_.find('\n');
        if (feed != std::string::npos) {
            carry_.erase(0, feed + 1);
            return;
        }
        carry_.clear();
    }
}

// The same for a row, whose end may be lines away.
void chunk_reader::pass_rest_of_row(csv::row_scanner& within) {
    carry_.clear();
    while (!at_end_) {
        read_more(carry_);
        const auto end = within.feed(carry_);
        line_ += csv::line_feeds(std::string_view{carry_}.substr(0, end));
        if (end != std::string::npos) {
            carry_.erase(0, end);
            return;
        }
        carry_.clear();
    }
    ++line_;  // the file's last, without a line feed
}

// Requires: nothing follows the text.
void chunk_reader::end_last_row(std::string& text) const {
    if (kind_ == row_kind::csv) {
        csv::row_scanner within{delimiter_};
        static_cast<void>(within.feed(text));
        if (within.in_quotes()) refuse_open_quotes(line_);
    }
    text += '\n';
}

// Requires: the text is the start of one row, without its end.
void chunk_reader::cut_long_row(std::string& text) {
    if (kind_ == row_kind::line) {
        pass_rest_of_line();
        ++line_;
    } else {
        csv::row_scanner within{delimiter_};
        static_cast<void>(within.feed(text));
        const auto begin = line_;
        line_ += csv::line_feeds(text);
        pass_rest_of_row(within);
        if (within.in_quotes()) refuse_open_quotes(begin);
    }
    text.resize(csv::row_bytes_max + 1);
    text += '\n';
}

bool chunk_reader::next(csv::chunk& into) {
    auto& text = into.text;
    text.swap(carry_);
    carry_.clear();
    // Rows that are there go out before more is waited for: whoever wrote them into a pipe may be waiting for their
    // answers.
    std::size_t whole = whole_bytes(text);
    while (whole == 0 && !at_end_ && text.size() <= csv::row_bytes_max) {
        read_more(text);
        whole = whole_bytes(text);
    }
    if (text.empty()) return false;
    into.first_line = line_;
    if (whole == 0 && text.size() > csv::row_bytes_max) {
        cut_long_row(text);
    } else {
        if (whole != 0) {
            carry_.assign(text, whole);
            text.resize(whole);
        } else {
            end_last_row(text);
        }
        line_ += csv::line_feeds(text);
    }
    into.end_line = line_;
    into.sequence = sequence_++;
    into.rows_begin = 0;
    return true;
}

}  // namespace xacthuc::cli
