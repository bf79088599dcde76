// SPDX-License-Identifier: Apache-2.0
// SHA-512 of R, A and a message, one in each lane, of any lengths.
// Source: FIPS 180-4, section 6.4. Included inside the namespace of the kernel; see kernel/kernel_body.hpp.

inline constexpr std::uint64_t block_bytes = 128;

inline word schedule_word(const word* w, unsigned i) {
    const word a = w[(i + 1) % 16];
    const word b = w[(i + 14) % 16];
    const word s0 = xor3(rotate_right<1>(a), rotate_right<8>(a), shift_right<7>(a));
    const word s1 = xor3(rotate_right<19>(b), rotate_right<61>(b), shift_right<6>(b));
    return add(add(w[i], w[(i + 9) % 16]), add(s0, s1));
}

// Round T of eight; instead of moving A to H along, each round finds them one place further.
template <unsigned T>
inline void hash_round(word* s, word w, std::uint64_t k) {
    constexpr auto at = [](unsigned letter) { return (letter + 8 - T) % 8; };
    const word a = s[at(0)];
    const word e = s[at(4)];
    const word s1 = xor3(rotate_right<14>(e), rotate_right<18>(e), rotate_right<41>(e));
    const word t1 = add(add(s[at(7)], add(w, splat(k))), add(s1, choose(e, s[at(5)], s[at(6)])));
    const word s0 = xor3(rotate_right<28>(a), rotate_right<34>(a), rotate_right<39>(a));
    s[at(3)] = add(s[at(3)], t1);
    s[at(7)] = add(t1, add(s0, majority(a, s[at(1)], s[at(2)])));
}

using eight_places = std::make_integer_sequence<unsigned, 8>;

template <unsigned... T>
inline void eight_rounds(word* s, const word* w, const std::uint64_t* k, std::integer_sequence<unsigned, T...>) {
    (hash_round<T>(s, w[T], k[T]), ...);
}

// Sets the words from `First` on, of a schedule that goes round.
template <unsigned First, unsigned... T>
inline void schedule_eight(word* w, std::integer_sequence<unsigned, T...>) {
    ((w[First + T] = schedule_word(w, First + T)), ...);
}

// The block of each lane starts at blocks[lane], anywhere in memory.
inline void compress(word (&state)[8], const std::uint8_t* const* blocks) {
    word w[16];
    const std::uint64_t* rows[lane_count];
    for (unsigned lane = 0; lane < lane_count; ++lane) {
        rows[lane] = reinterpret_cast<const std::uint64_t*>(blocks[lane]);
    }
    for (unsigned i = 0; i < 16; i += 4) {
        load_rows4(w + i, rows, i);
    }
    for (auto& it : w) {
        it = swap_bytes(it);
    }
    word s[8] = {state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]};
    eight_rounds(s, w, sha512_constants, eight_places{});
    eight_rounds(s, w + 8, sha512_constants + 8, eight_places{});
    for (unsigned round = 16; round < 80; round += 16) {
        schedule_eight<0>(w, eight_places{});
        eight_rounds(s, w, sha512_constants + round, eight_places{});
        schedule_eight<8>(w, eight_places{});
        eight_rounds(s, w + 8, sha512_constants + round + 8, eight_places{});
    }
    for (unsigned i = 0; i < 8; ++i) {
        state[i] = add(state[i], s[i]);
    }
}

// The blocks of one input: the first is copied together, those in the middle are read where the message lies, the last
// one or two are padded.
struct padded_input {
    alignas(32) std::uint8_t head[block_bytes];
    alignas(32) std::uint8_t tail[2 * block_bytes];
    const std::uint8_t* message;
    std::uint64_t whole_blocks;
    std::uint64_t block_count;

    const std::uint8_t* block(std::uint64_t index) const {
        if (index >= whole_blocks) {
            return tail + (index - whole_blocks) * block_bytes;
        }
        return index == 0 ? head : message + (index * block_bytes - 64);
    }
};

inline void pad_input(padded_input& input, const hash_job& job) {
    const std::uint64_t bytes = 64 + job.message_bytes;
    const std::uint64_t rest = bytes % block_bytes;
    input.message = job.message;
    input.whole_blocks = bytes / block_bytes;
    input.block_count = (bytes + 17 + block_bytes - 1) / block_bytes;
    std::memset(input.tail, 0, sizeof input.tail);
    if (input.whole_blocks == 0) {
        std::memcpy(input.tail, job.r, 32);
        std::memcpy(input.tail + 32, job.key, 32);
        if (job.message_bytes != 0) {
            std::memcpy(input.tail + 64, job.message, job.message_bytes);
        }
    } else {
        std::memcpy(input.head, job.r, 32);
        std::memcpy(input.head + 32, job.key, 32);
        std::memcpy(input.head + 64, job.message, 64);
        if (rest != 0) {
            std::memcpy(input.tail, job.message + (job.message_bytes - rest), rest);
        }
    }
    input.tail[rest] = 0x80;
    const std::uint64_t bits = __builtin_bswap64(8 * bytes);
    std::memcpy(input.tail + (input.block_count - input.whole_blocks) * block_bytes - 8, &bits, 8);
}

// Goes on alone with a lane whose message is longer than those of all others.
inline void compress_rest(word (&state)[8], const padded_input* inputs, unsigned lane, std::uint64_t index) {
    std::uint64_t lanes[8][lane_count];
    one::word alone[8];
    for (unsigned i = 0; i < 8; ++i) {
        store_lanes(lanes[i], state[i]);
        alone[i] = lanes[i][lane];
    }
    for (; index < inputs[lane].block_count; ++index) {
        const std::uint8_t* const block = inputs[lane].block(index);
        one::compress(alone, &block);
    }
    for (unsigned i = 0; i < 8; ++i) {
        lanes[i][lane] = alone[i];
        state[i] = load_lanes(lanes[i]);
    }
}

inline void hash_group(hash_job* jobs, unsigned count) {
    padded_input inputs[lane_count];
    for (unsigned lane = 0; lane < count; ++lane) {
        pad_input(inputs[lane], jobs[lane]);
    }
    word state[8];
    for (unsigned i = 0; i < 8; ++i) {
        state[i] = splat(sha512_start[i]);
    }
    for (std::uint64_t index = 0;; ++index) {
        const std::uint8_t* blocks[lane_count];
        unsigned active = 0;
        unsigned last_active = 0;
        for (unsigned lane = 0; lane < lane_count; ++lane) {
            const bool is_active = lane < count && index < inputs[lane].block_count;
            active |= (is_active ? 1u : 0u) << lane;
            last_active = is_active ? lane : last_active;
            blocks[lane] = is_active ? inputs[lane].block(index) : inputs[0].tail;
        }
        if (active == 0) {
            break;
        }
        if (lane_count > 1 && (active & (active - 1)) == 0) {
            compress_rest(state, inputs, last_active, index);
            break;
        }
        word next[8] = {state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]};
        compress(next, blocks);
        const mask keep = mask_of_bits(active);
        for (unsigned i = 0; i < 8; ++i) {
            state[i] = select(keep, next[i], state[i]);
        }
    }
    for (unsigned i = 0; i < 8; ++i) {
        std::uint64_t lanes[lane_count];
        store_lanes(lanes, swap_bytes(state[i]));
        for (unsigned lane = 0; lane < count; ++lane) {
            jobs[lane].digest[i] = lanes[lane];
        }
    }
}

inline void hash(hash_job* jobs, std::size_t job_count) {
    for (std::size_t i = 0; i < job_count; i += lane_count) {
        const std::size_t left = job_count - i;
        hash_group(jobs + i, left < lane_count ? static_cast<unsigned>(left) : lane_count);
    }
}
