// The gradient of a convolution's kernels in bfloat16.
//
// dW[o][ky][kx][c] = Σ over images and pixels of dY[pixel][o] · X[pixel + tap][c]. The processor's instruction adds two
// products at a time to each of sixteen sums; the two are taken from two images at one place, so that neither odd widths nor
// taps nor strides get in its way. A block of the two images is written side by side once (a number from each in 32 bits),
// and then serves all taps: for one kernel row, the columns (kx, c) of a pixel's window lie side by side in memory. 8 outputs
// times 48 columns are summed in 24 registers.
//
// oneDNN divides the batch among threads that wait for each other within the kernel by turning in a loop, which beside another
// process costs a whole time slice at each call. Here a thread waits for nothing but the end of its work.
#include "weight_gradient.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#include <immintrin.h>
#define ANNEAL_BFLOAT16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#endif

namespace anneal {

#ifdef ANNEAL_BFLOAT16

namespace {

constexpr int64_t lanes = 16;
// Outputs whose sums are kept in registers together, and vectors of columns at most.
constexpr int64_t together = 8;
constexpr int64_t most_vectors = 3;
// Outputs of one task: their sums stay in the second cache.
constexpr int64_t outputs_per_task = 64;
// Into how many tasks a convolution is divided where it has work for as many.
constexpr int64_t most_tasks = 16;
// Pixels of pairs of images between two visits to the sums.
constexpr int64_t pixels_per_block = 192;

int64_t rounded_up(int64_t number, int64_t step) { return (number + step - 1) / step * step; }
int64_t parts_of(int64_t number, int64_t size) { return (number + size - 1) / size; }

// Pixels of one row of the result: their gradients lie side by side, their windows `step` numbers apart.
struct Run {
    const uint32_t* images;
    const uint32_t* gradient;
    int64_t pixels;
};

// Columns of the kernels that lie side by side in a pixel's window, and where their sums are.
struct Segment {
    int64_t row, offset, columns, place;
};

// Sums and where in an output's kernel they belong.
struct Stretch {
    int64_t from, to, count;
};

// How the images are written for the sums: as they are; or for each row of the result with all its kernel rows in each pixel,
// so that few channels fill the vectors; or only the pixels that a kernel of one pixel meets.
enum class Writing { whole, unfolded, thinned };

// The convolution of the images as they are written.
struct Plan {
    explicit Plan(const Convolution& shape) : given(shape), seen(shape) {
        seen.channels = shape.channels_per_group();
        const int64_t columns_of_row = shape.kernel_width * seen.channels;
        const int64_t apart = shape.kernel_height * rounded_up(columns_of_row, lanes), folded = rounded_up(shape.kernel_height * columns_of_row, lanes);
        const bool one_pixel = shape.kernel_height == 1 && shape.kernel_width == 1;
        if (one_pixel && shape.padding_height == 0 && shape.padding_width == 0 && shape.stride_height * shape.stride_width > 1) {
            writing = Writing::thinned;
            seen.height = shape.result_height;
            seen.width = shape.result_width;
            seen.stride_height = seen.stride_width = 1;
        } else if (shape.dilation_width == 1 && 4 * folded <= 3 * apart) {
            writing = Writing::unfolded;
            seen.channels *= shape.kernel_height;
            seen.kernel_height = 1;
            seen.height = shape.result_height;
            seen.stride_height = 1;
            seen.padding_height = 0;
        }
        for (int64_t row = 0; row < seen.kernel_height; row++) {
            const int64_t taps = shape.dilation_width == 1 ? 1 : shape.kernel_width;
            for (int64_t tap = 0; tap < taps; tap++) {
                const int64_t many = shape.kernel_width / taps * seen.channels;
                segments.push_back({row, tap * shape.dilation_width * seen.channels, many, columns});
                if (writing == Writing::unfolded) unfold(columns);
                else stretches.push_back({columns, (row * taps + tap) * many, many});
                columns += rounded_up(many, lanes);
            }
        }
    }

    void unfold(int64_t place) {
        const int64_t channels = given.channels_per_group();
        for (int64_t row = 0; row < given.kernel_height; row++) {
            for (int64_t tap = 0; tap < given.kernel_width; tap++) {
                stretches.push_back({place + (tap * given.kernel_height + row) * channels, (row * given.kernel_width + tap) * channels, channels});
            }
        }
    }

    Convolution given, seen;
    Writing writing = Writing::whole;
    std::vector<Segment> segments;
    std::vector<Stretch> stretches;
    // Sums of one output.
    int64_t columns = 0;
};

template <int vectors>
ANNEAL_BFLOAT16 void add_products(const Run* runs, int64_t count, int64_t step, int64_t column, int64_t outputs, float* sums, int64_t stride) {
    __m512 sum[together][vectors];
#pragma GCC unroll 8
    for (int i = 0; i < together; i++) {
#pragma GCC unroll 3
        for (int v = 0; v < vectors; v++) sum[i][v] = _mm512_loadu_ps(sums + i * stride + v * lanes);
    }
    for (int64_t r = 0; r < count; r++) {
        const uint32_t* images = runs[r].images + column;
        const uint32_t* gradient = runs[r].gradient + outputs;
        for (int64_t pixel = 0; pixel < runs[r].pixels; pixel++) {
            __m512bh window[vectors];
#pragma GCC unroll 3
            for (int v = 0; v < vectors; v++) window[v] = (__m512bh)_mm512_loadu_si512(images + v * lanes);
#pragma GCC unroll 8
            for (int i = 0; i < together; i++) {
                const __m512bh factor = (__m512bh)_mm512_set1_epi32(static_cast<int>(gradient[i]));
#pragma GCC unroll 3
                for (int v = 0; v < vectors; v++) sum[i][v] = _mm512_dpbf16_ps(sum[i][v], window[v], factor);
            }
            images += step;
            gradient += together;
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < together; i++) {
#pragma GCC unroll 3
        for (int v = 0; v < vectors; v++) _mm512_storeu_ps(sums + i * stride + v * lanes, sum[i][v]);
    }
}

// Two images' numbers side by side. Without a second image its numbers are zero.
ANNEAL_BFLOAT16 inline void pair(const uint16_t* first, const uint16_t* second, uint32_t* pairs, int64_t count) {
    if (second == nullptr) {
        for (int64_t i = 0; i < count; i++) pairs[i] = first[i];
    } else {
        for (int64_t i = 0; i < count; i++) pairs[i] = first[i] | static_cast<uint32_t>(second[i]) << 16;
    }
}

// One part of the batch, one group, some of its outputs.
class Task {
public:
    Task(const Plan& plan, const uint16_t* images, const uint16_t* gradient)
        : plan(plan), shape(plan.seen), columns(plan.columns), images(images), gradient(gradient),
          row_numbers((shape.width + 2 * shape.padding_width) * shape.channels),
          rows_per_block(std::min(shape.result_height, std::max(int64_t{1}, pixels_per_block / shape.result_width))),
          pairs_per_block(std::max(int64_t{1}, pixels_per_block / (shape.result_height * shape.result_width))) {
        const int64_t rows = std::min(shape.height, (rows_per_block - 1) * shape.stride_height + (shape.kernel_height - 1) * shape.dilation_height + 1);
        // The last pixel's last vector may reach beyond it.
        image_numbers = rows * row_numbers;
        image_pairs.resize(pairs_per_block * image_numbers + most_vectors * lanes);
        gradient_pairs.resize(outputs_per_task * pairs_per_block * rows_per_block * shape.result_width);
        runs.resize(pairs_per_block * rows_per_block);
    }

    void add(int64_t group, int64_t first_output, int64_t outputs, int64_t first_pair, int64_t last_pair, float* sums) {
        for (int64_t pair = first_pair; pair < last_pair; pair += pairs_per_block) {
            for (int64_t row = 0; row < shape.result_height; row += rows_per_block) {
                add_block(group, first_output, outputs, pair, std::min(pair + pairs_per_block, last_pair), row,
                          std::min(row + rows_per_block, shape.result_height), sums);
            }
        }
    }

private:
    void add_block(int64_t group, int64_t first_output, int64_t outputs, int64_t from_pair, int64_t to_pair, int64_t from_row, int64_t to_row, float* sums) {
        const int64_t top = std::max(int64_t{0}, from_row * shape.stride_height - shape.padding_height);
        const int64_t bottom = std::min(
            shape.height, (to_row - 1) * shape.stride_height - shape.padding_height + (shape.kernel_height - 1) * shape.dilation_height + 1);
        const int64_t pixels = (to_pair - from_pair) * (to_row - from_row) * shape.result_width;
        for (int64_t pair = from_pair; pair < to_pair; pair++) {
            write_images(group, pair, top, bottom, image_pairs.data() + (pair - from_pair) * image_numbers);
            write_gradient(group, first_output, outputs, pair, from_row, to_row,
                           gradient_pairs.data() + (pair - from_pair) * (to_row - from_row) * shape.result_width * together, pixels);
        }
        const int64_t step = shape.stride_width * shape.channels;
        for (int64_t kernel_row = 0; kernel_row < shape.kernel_height; kernel_row++) {
            int64_t count = 0;
            for (int64_t pair = from_pair; pair < to_pair; pair++) {
                for (int64_t row = from_row; row < to_row; row++) {
                    const int64_t y = row * shape.stride_height + kernel_row * shape.dilation_height - shape.padding_height;
                    if (y < 0 || y >= shape.height) continue;
                    const int64_t before = ((pair - from_pair) * (to_row - from_row) + row - from_row) * shape.result_width;
                    runs[count++] = {
                        image_pairs.data() + (pair - from_pair) * image_numbers + (y - top) * row_numbers,
                        gradient_pairs.data() + before * together, shape.result_width};
                }
            }
            if (count == 0) continue;
            for (const auto& segment : plan.segments) {
                if (segment.row == kernel_row) add_segment(segment, count, step, outputs, pixels, sums);
            }
        }
    }

    void add_segment(const Segment& segment, int64_t count, int64_t step, int64_t outputs, int64_t pixels, float* sums) {
        const int64_t vectors = parts_of(segment.columns, lanes), tiles = parts_of(vectors, most_vectors);
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t from = vectors * tile / tiles, to = vectors * (tile + 1) / tiles;
            for (int64_t output = 0; output < outputs; output += together) {
                const int64_t column = segment.offset + from * lanes, skipped = output * pixels;
                float* at = sums + output * columns + segment.place + from * lanes;
                switch (to - from) {
                    case 1: add_products<1>(runs.data(), count, step, column, skipped, at, columns); break;
                    case 2: add_products<2>(runs.data(), count, step, column, skipped, at, columns); break;
                    default: add_products<3>(runs.data(), count, step, column, skipped, at, columns); break;
                }
            }
        }
    }

    void write_images(int64_t group, int64_t pair_index, int64_t top, int64_t bottom, uint32_t* to) {
        const Convolution& given = plan.given;
        const int64_t size = given.height * given.width * given.channels, border = shape.padding_width * shape.channels;
        const uint16_t* first = images + 2 * pair_index * size + group * given.channels_per_group();
        const uint16_t* second = 2 * pair_index + 1 < given.images ? first + size : nullptr;
        for (int64_t y = top; y < bottom; y++) {
            if (border > 0) std::memset(to, 0, border * sizeof *to);
            write_row(first, second, y, to + border);
            if (border > 0) std::memset(to + row_numbers - border, 0, border * sizeof *to);
            to += row_numbers;
        }
    }

    void write_row(const uint16_t* first, const uint16_t* second, int64_t y, uint32_t* to) {
        const Convolution& given = plan.given;
        const int64_t source_row = given.width * given.channels, channels = given.channels_per_group();
        switch (plan.writing) {
            case Writing::whole:
                write_pixels(first + y * source_row, second ? second + y * source_row : nullptr, given.channels, to, channels);
                break;
            case Writing::thinned: {
                const int64_t row = y * given.stride_height * source_row;
                write_pixels(first + row, second ? second + row : nullptr, given.stride_width * given.channels, to, channels);
                break;
            }
            case Writing::unfolded:
                for (int64_t tap = 0; tap < given.kernel_height; tap++) {
                    const int64_t from = y * given.stride_height + tap * given.dilation_height - given.padding_height, row = from * source_row;
                    if (from >= 0 && from < given.height) {
                        write_pixels(first + row, second ? second + row : nullptr, given.channels, to + tap * channels, channels);
                    } else {
                        for (int64_t x = 0; x < shape.width; x++) std::memset(to + x * shape.channels + tap * channels, 0, channels * sizeof *to);
                    }
                }
                break;
        }
    }

    // `step` apart where they are read, a pixel apart where they are written.
    ANNEAL_BFLOAT16 void write_pixels(const uint16_t* first, const uint16_t* second, int64_t step, uint32_t* to, int64_t channels) {
        if (step == channels && channels == shape.channels) {
            pair(first, second, to, shape.width * channels);
        } else if (channels == 1) {
            for (int64_t x = 0; x < shape.width; x++) to[x * shape.channels] = first[x * step] | (second ? static_cast<uint32_t>(second[x * step]) << 16 : 0);
        } else if (channels == together) {
            for (int64_t x = 0; x < shape.width; x++) pair(first + x * step, second ? second + x * step : nullptr, to + x * shape.channels, together);
        } else {
            for (int64_t x = 0; x < shape.width; x++) pair(first + x * step, second ? second + x * step : nullptr, to + x * shape.channels, channels);
        }
    }

    // Eight outputs of all pixels, then the next eight.
    void write_gradient(int64_t group, int64_t first_output, int64_t outputs, int64_t pair_index, int64_t from_row, int64_t to_row, uint32_t* to, int64_t pixels) {
        const int64_t size = shape.result_height * shape.result_width * shape.outputs;
        const uint16_t* first = gradient + 2 * pair_index * size + from_row * shape.result_width * shape.outputs + group * shape.outputs_per_group() + first_output;
        const uint16_t* second = 2 * pair_index + 1 < shape.images ? first + size : nullptr;
        const int64_t count = (to_row - from_row) * shape.result_width;
        for (int64_t output = 0; output < outputs; output += together) {
            const int64_t some = std::min(together, outputs - output);
            uint32_t* out = to + output * pixels;
            for (int64_t pixel = 0; pixel < count; pixel++) {
                const int64_t place = pixel * shape.outputs + output;
                if (some == together) {
                    pair(first + place, second ? second + place : nullptr, out, together);
                } else {
                    std::memset(out, 0, together * sizeof *out);
                    pair(first + place, second ? second + place : nullptr, out, some);
                }
                out += together;
            }
        }
    }

    const Plan& plan;
    const Convolution& shape;
    const int64_t columns;
    const uint16_t *const images, *const gradient;
    const int64_t row_numbers, rows_per_block, pairs_per_block;
    int64_t image_numbers;
    std::vector<uint32_t> image_pairs, gradient_pairs;
    std::vector<Run> runs;
};

ANNEAL_BFLOAT16 void add_up(const float* sums, int64_t stride, int64_t parts, int64_t count, float* found) {
    for (int64_t i = 0; i < count; i++) {
        float total = sums[i];
        for (int64_t part = 1; part < parts; part++) total += sums[part * stride + i];
        found[i] = total;
    }
}

// A power of two, so that two or four threads get as much each, and no more than make a visit to the sums worth while.
int64_t parts_of_batch(const Convolution& shape, int64_t blocks) {
    const int64_t pairs = parts_of(shape.images, 2), pixels = pairs * shape.result_height * shape.result_width;
    int64_t parts = 1;
    while (2 * parts <= pairs && 2 * parts * blocks <= most_tasks && 2 * parts * pixels_per_block <= pixels) parts *= 2;
    return parts;
}

}  // namespace

bool multiplies_bfloat16() {
    static const bool can = __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    return can;
}

void weight_gradient(const Convolution& shape, const uint16_t* images, const uint16_t* gradient, float* found) {
    const Plan plan(shape);
    const int64_t columns = plan.columns, blocks = parts_of(shape.outputs_per_group(), outputs_per_task), pairs = parts_of(shape.images, 2);
    const int64_t parts = parts_of_batch(shape, shape.groups * blocks);
    const int64_t block_sums = std::min(outputs_per_task, rounded_up(shape.outputs_per_group(), together)) * columns;
    const int64_t part_sums = shape.groups * blocks * block_sums;
    const auto memory = at::empty({parts * part_sums}, at::kFloat);
    float* sums = static_cast<float*>(memory.data_ptr());
    at::parallel_for(0, parts * shape.groups * blocks, 1, [&](int64_t begin, int64_t end) {
        Task task(plan, images, gradient);
        for (int64_t i = begin; i < end; i++) {
            const int64_t part = i / (shape.groups * blocks), group = i / blocks % shape.groups, first = i % blocks * outputs_per_task;
            std::memset(sums + i * block_sums, 0, block_sums * sizeof *sums);
            task.add(group, first, std::min(outputs_per_task, shape.outputs_per_group() - first), pairs * part / parts, pairs * (part + 1) / parts,
                     sums + i * block_sums);
        }
    });
    const int64_t kernel_columns = shape.kernel_height * shape.kernel_width * shape.channels_per_group();
    at::parallel_for(0, shape.outputs, std::max(int64_t{1}, 32 * 1024 / (kernel_columns * parts)), [&](int64_t begin, int64_t end) {
        for (int64_t output = begin; output < end; output++) {
            const int64_t group = output / shape.outputs_per_group(), within = output % shape.outputs_per_group();
            const float* from = sums + (group * blocks + within / outputs_per_task) * block_sums + within % outputs_per_task * columns;
            float* to = found + output * kernel_columns;
            for (const auto& stretch : plan.stretches) add_up(from + stretch.from, part_sums, parts, stretch.count, to + stretch.to);
        }
    });
}

#else

bool multiplies_bfloat16() { return false; }

void weight_gradient(const Convolution&, const uint16_t*, const uint16_t*, float*) {
    TORCH_CHECK(false, "this build has no bfloat16 products");
}

#endif

}  // namespace anneal
