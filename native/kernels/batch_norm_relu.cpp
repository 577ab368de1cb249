// Batch normalization, ReLU and where asked a 2×2 max pool as one operator, for images that lie pixel by pixel.
//
// The composition writes the normalized images, reads them for the ReLU, reads them again for the pool, and keeps most
// of it for the way back. Here the way there reads the images twice (statistics; result) and writes only the result, and
// the way back reads them twice and writes the gradient. Everything else is as libtorch has it: the batch's variance
// divided by n to normalize and by n − 1 in the running variance, numbers rounded to the images' type before the largest
// is taken, the first of equal ones, NaN passed on.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <cmath>

#include "lanes.h"

namespace anneal {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Channels that are computed together.
constexpr int64_t sixteen = 16;
// Pixels whose sums are added up in the images' own precision; the sums of the blocks are added in double, in order, so
// that the result does not depend on the number of threads.
constexpr int64_t pixels_per_block = 512;

// Sixteen channels of one pixel as numbers to compute with.
template <class T>
struct Channels;

template <>
struct Channels<float> {
    typedef float Number;
    typedef float Values __attribute__((vector_size(64)));
    typedef int32_t Places __attribute__((vector_size(64)));

    static ANNEAL_INLINE void read(Values& values, const float* from) { load(values, from); }
    static ANNEAL_INLINE void write(float* to, const Values& values) { store(to, values); }
    static ANNEAL_INLINE void round(Values&) {}
};

template <>
struct Channels<double> {
    typedef double Number;
    typedef double Values __attribute__((vector_size(128)));
    typedef int64_t Places __attribute__((vector_size(128)));

    static ANNEAL_INLINE void read(Values& values, const double* from) { load(values, from); }
    static ANNEAL_INLINE void write(double* to, const Values& values) { store(to, values); }
    static ANNEAL_INLINE void round(Values&) {}
};

template <>
struct Channels<at::BFloat16> {
    typedef float Number;
    typedef float Values __attribute__((vector_size(64)));
    typedef int32_t Places __attribute__((vector_size(64)));
    typedef uint32_t Bits __attribute__((vector_size(64)));
    typedef uint16_t Halves __attribute__((vector_size(32)));

    static ANNEAL_INLINE void read(Values& values, const at::BFloat16* from) {
        Halves halves;
        std::memcpy(&halves, from, sizeof halves);
        const Bits bits = __builtin_convertvector(halves, Bits) << 16;
        std::memcpy(&values, &bits, sizeof values);
    }
    static ANNEAL_INLINE void write(at::BFloat16* to, const Values& values) {
        const Halves halves = __builtin_convertvector(rounded(values) >> 16, Halves);
        std::memcpy(static_cast<void*>(to), &halves, sizeof halves);
    }
    static ANNEAL_INLINE void round(Values& values) {
        const Bits bits = rounded(values) & 0xffff0000u;
        std::memcpy(&values, &bits, sizeof values);
    }
    // To the nearest, halves to even. A NaN stays as it is: adding could carry it past all numbers.
    static ANNEAL_INLINE Bits rounded(const Values& values) {
        Bits bits;
        std::memcpy(&bits, &values, sizeof bits);
        const Bits up = bits + 0x7fffu + ((bits >> 16) & 1u);
        return values == values ? up : bits;
    }
};

// What one operator call works on. Pointers to images are to their first pixel's first channel.
template <class T>
struct Work {
    using Number = typename Channels<T>::Number;
    int64_t channels, height, width;
    int64_t pixels;                // in all images
    const T* images;
    T* result;                     // normalized, rectified and where asked pooled
    uint8_t* places;               // which of four pixels a pooled one is, 4 for none: not above zero
    const T* gradient;             // of the result
    T* image_gradient;
    const Number *scale, *shift;   // result = max(0, images · scale + shift)
    const Number* mean;
    const Number *of_pixel, *of_all;  // image gradient = scale · gradient + (images − mean) · of_pixel + of_all
    double* sums;                  // [blocks][2][channels]

    int64_t pooled_width() const { return width / 2; }
    int64_t pooled_height() const { return height / 2; }
    int64_t pooled_rows() const { return pixels / (height * width) * pooled_height(); }
    int64_t pooled_rows_per_block() const { return std::max(int64_t{1}, pixels_per_block / (4 * pooled_width())); }
    int64_t blocks() const { return (pixels + pixels_per_block - 1) / pixels_per_block; }
    int64_t pooled_blocks() const { return (pooled_rows() + pooled_rows_per_block() - 1) / pooled_rows_per_block(); }
};

// Calls body(first, many) for groups of 64, 32 or 16 channels; `many` is the number of sixteens, known when compiling.
template <class Body>
ANNEAL_INLINE void over_channels(int64_t channels, Body body) {
    int64_t first = 0;
    for (; first + 4 * sixteen <= channels; first += 4 * sixteen) body(first, std::integral_constant<int, 4>());
    if (first + 2 * sixteen <= channels) {
        body(first, std::integral_constant<int, 2>());
        first += 2 * sixteen;
    }
    if (first < channels) body(first, std::integral_constant<int, 1>());
}

template <class T, int many>
struct Group {
    typename Channels<T>::Values values[many];

    ANNEAL_INLINE explicit Group(const typename Channels<T>::Number* from) {
        for (int v = 0; v < many; v++) load(values[v], from + v * sixteen);
    }
    ANNEAL_INLINE Group() {
        for (int v = 0; v < many; v++) values[v] = typename Channels<T>::Values{};
    }
    ANNEAL_INLINE void add_to(double* sums) const {
        for (int v = 0; v < many; v++) {
            for (int i = 0; i < sixteen; i++) sums[v * sixteen + i] = double(values[v][i]);
        }
    }
};

typedef uint8_t Bytes __attribute__((vector_size(sixteen)));

template <class T>
ANNEAL_INLINE void read_places(typename Channels<T>::Places& places, const uint8_t* from) {
    Bytes bytes;
    load(bytes, from);
    places = __builtin_convertvector(bytes, typename Channels<T>::Places);
}

template <class T>
ANNEAL_INLINE void write_places(uint8_t* to, const typename Channels<T>::Places& places) {
    typedef int32_t Words __attribute__((vector_size(4 * sixteen)));
    typedef uint16_t Halves __attribute__((vector_size(2 * sixteen)));
    // Halving step by step: GCC 12 takes the vector apart where it is to become bytes at once.
    const Halves halves = __builtin_convertvector(__builtin_convertvector(places, Words), Halves);
    const Bytes bytes = __builtin_convertvector(halves, Bytes);
    store(to, bytes);
}

// Sums of x − first pixel and of its square: taking a pixel off keeps the squares from drowning the variance.
template <class T>
ANNEAL_INLINE void statistics(const Work<T>& work, int64_t block) {
    using Values = typename Channels<T>::Values;
    const int64_t from = block * pixels_per_block, to = std::min(from + pixels_per_block, work.pixels);
    over_channels(work.channels, [&](int64_t first, auto known) __attribute__((always_inline)) {
        constexpr int many = decltype(known)::value;
        Group<T, many> sum, square, origin;
        for (int v = 0; v < many; v++) Channels<T>::read(origin.values[v], work.images + first + v * sixteen);
        for (int64_t pixel = from; pixel < to; pixel++) {
            const T* in = work.images + pixel * work.channels + first;
            for (int v = 0; v < many; v++) {
                Values x;
                Channels<T>::read(x, in + v * sixteen);
                x -= origin.values[v];
                sum.values[v] += x;
                square.values[v] += x * x;
            }
        }
        sum.add_to(work.sums + block * 2 * work.channels + first);
        square.add_to(work.sums + (block * 2 + 1) * work.channels + first);
    });
}

template <class T>
ANNEAL_INLINE void normalize(const Work<T>& work, int64_t block) {
    using Values = typename Channels<T>::Values;
    const int64_t from = block * pixels_per_block, to = std::min(from + pixels_per_block, work.pixels);
    over_channels(work.channels, [&](int64_t first, auto known) __attribute__((always_inline)) {
        constexpr int many = decltype(known)::value;
        const Group<T, many> scale(work.scale + first), shift(work.shift + first);
        for (int64_t pixel = from; pixel < to; pixel++) {
            const int64_t place = pixel * work.channels + first;
            for (int v = 0; v < many; v++) {
                Values x;
                Channels<T>::read(x, work.images + place + v * sixteen);
                x = x * scale.values[v] + shift.values[v];
                Channels<T>::write(work.result + place + v * sixteen, x < 0 ? Values{} : x);
            }
        }
    });
}

template <class T>
ANNEAL_INLINE void normalize_pooled(const Work<T>& work, int64_t block) {
    using Values = typename Channels<T>::Values;
    using Places = typename Channels<T>::Places;
    const int64_t from = block * work.pooled_rows_per_block(), to = std::min(from + work.pooled_rows_per_block(), work.pooled_rows());
    const int64_t offsets[4] = {0, work.channels, work.width * work.channels, (work.width + 1) * work.channels};
    for (int64_t row = from; row < to; row++) {
        const int64_t image = row / work.pooled_height(), y = row % work.pooled_height();
        const T* top = work.images + (image * work.height + 2 * y) * work.width * work.channels;
        over_channels(work.channels, [&](int64_t first, auto known) __attribute__((always_inline)) {
            constexpr int many = decltype(known)::value;
            const Group<T, many> scale(work.scale + first), shift(work.shift + first);
            for (int64_t x = 0; x < work.pooled_width(); x++) {
                const int64_t out = (row * work.pooled_width() + x) * work.channels + first;
                for (int v = 0; v < many; v++) {
                    const T* in = top + 2 * x * work.channels + first + v * sixteen;
                    Values window[4];
                    for (int k = 0; k < 4; k++) {
                        Channels<T>::read(window[k], in + offsets[k]);
                        window[k] = window[k] * scale.values[v] + shift.values[v];
                        Channels<T>::round(window[k]);
                    }
                    // No comparison is used twice: GCC 12 would take the vectors apart.
                    Values best = window[0], all = window[0];
                    for (int k = 1; k < 4; k++) {
                        best = window[k] > best ? window[k] : best;
                        all += window[k];
                    }
                    // The sum is NaN where one of them is.
                    best = all != all ? all : best;
                    Places place = Places{} + 3;
                    for (int k = 2; k >= 0; k--) {
                        const Places here = Places{} + k;
                        place = window[k] == best ? here : place;
                    }
                    const Places none = Places{} + 4;
                    place = best <= 0 ? none : place;
                    best = best < 0 ? Values{} : best;
                    Channels<T>::write(work.result + out + v * sixteen, best);
                    write_places<T>(work.places + out + v * sixteen, place);
                }
            }
        });
    }
}

// Sums of the gradient of the normalized images and of its product with x − mean.
template <class T>
ANNEAL_INLINE void gradient_sums(const Work<T>& work, int64_t block) {
    using Values = typename Channels<T>::Values;
    const int64_t from = block * pixels_per_block, to = std::min(from + pixels_per_block, work.pixels);
    over_channels(work.channels, [&](int64_t first, auto known) __attribute__((always_inline)) {
        constexpr int many = decltype(known)::value;
        const Group<T, many> scale(work.scale + first), shift(work.shift + first), mean(work.mean + first);
        Group<T, many> sum, product;
        for (int64_t pixel = from; pixel < to; pixel++) {
            const int64_t place = pixel * work.channels + first;
            for (int v = 0; v < many; v++) {
                Values x, g;
                Channels<T>::read(x, work.images + place + v * sixteen);
                Channels<T>::read(g, work.gradient + place + v * sixteen);
                g = x * scale.values[v] + shift.values[v] <= 0 ? Values{} : g;
                sum.values[v] += g;
                product.values[v] += g * (x - mean.values[v]);
            }
        }
        sum.add_to(work.sums + block * 2 * work.channels + first);
        product.add_to(work.sums + (block * 2 + 1) * work.channels + first);
    });
}

template <class T>
ANNEAL_INLINE void gradient_of_images(const Work<T>& work, int64_t block) {
    using Values = typename Channels<T>::Values;
    const int64_t from = block * pixels_per_block, to = std::min(from + pixels_per_block, work.pixels);
    over_channels(work.channels, [&](int64_t first, auto known) __attribute__((always_inline)) {
        constexpr int many = decltype(known)::value;
        const Group<T, many> scale(work.scale + first), shift(work.shift + first), mean(work.mean + first);
        const Group<T, many> of_pixel(work.of_pixel + first), of_all(work.of_all + first);
        for (int64_t pixel = from; pixel < to; pixel++) {
            const int64_t place = pixel * work.channels + first;
            for (int v = 0; v < many; v++) {
                Values x, g;
                Channels<T>::read(x, work.images + place + v * sixteen);
                Channels<T>::read(g, work.gradient + place + v * sixteen);
                g = x * scale.values[v] + shift.values[v] <= 0 ? Values{} : g;
                g = g * scale.values[v] + (x - mean.values[v]) * of_pixel.values[v] + of_all.values[v];
                Channels<T>::write(work.image_gradient + place + v * sixteen, g);
            }
        }
    });
}

template <class T>
ANNEAL_INLINE void pooled_gradient_sums(const Work<T>& work, int64_t block) {
    using Values = typename Channels<T>::Values;
    using Places = typename Channels<T>::Places;
    const int64_t from = block * work.pooled_rows_per_block(), to = std::min(from + work.pooled_rows_per_block(), work.pooled_rows());
    const int64_t offsets[4] = {0, work.channels, work.width * work.channels, (work.width + 1) * work.channels};
    over_channels(work.channels, [&](int64_t first, auto known) __attribute__((always_inline)) {
        constexpr int many = decltype(known)::value;
        const Group<T, many> mean(work.mean + first);
        Group<T, many> sum, product;
        for (int64_t row = from; row < to; row++) {
            const int64_t image = row / work.pooled_height(), y = row % work.pooled_height();
            const T* top = work.images + (image * work.height + 2 * y) * work.width * work.channels;
            for (int64_t x = 0; x < work.pooled_width(); x++) {
                const int64_t out = (row * work.pooled_width() + x) * work.channels + first;
                for (int v = 0; v < many; v++) {
                    const T* in = top + 2 * x * work.channels + first + v * sixteen;
                    Places place;
                    read_places<T>(place, work.places + out + v * sixteen);
                    Values g, chosen;
                    Channels<T>::read(g, work.gradient + out + v * sixteen);
                    Channels<T>::read(chosen, in);
                    for (int k = 1; k < 4; k++) {
                        Values next;
                        Channels<T>::read(next, in + offsets[k]);
                        chosen = place == k ? next : chosen;
                    }
                    g = place == 4 ? Values{} : g;
                    sum.values[v] += g;
                    product.values[v] += g * (chosen - mean.values[v]);
                }
            }
        }
        sum.add_to(work.sums + block * 2 * work.channels + first);
        product.add_to(work.sums + (block * 2 + 1) * work.channels + first);
    });
}

template <class T>
ANNEAL_INLINE void pooled_gradient_of_images(const Work<T>& work, int64_t block) {
    using Values = typename Channels<T>::Values;
    using Places = typename Channels<T>::Places;
    const int64_t from = block * work.pooled_rows_per_block(), to = std::min(from + work.pooled_rows_per_block(), work.pooled_rows());
    const int64_t offsets[4] = {0, work.channels, work.width * work.channels, (work.width + 1) * work.channels};
    for (int64_t row = from; row < to; row++) {
        const int64_t image = row / work.pooled_height(), y = row % work.pooled_height();
        const int64_t top = (image * work.height + 2 * y) * work.width * work.channels;
        over_channels(work.channels, [&](int64_t first, auto known) __attribute__((always_inline)) {
            constexpr int many = decltype(known)::value;
            const Group<T, many> scale(work.scale + first), mean(work.mean + first);
            const Group<T, many> of_pixel(work.of_pixel + first), of_all(work.of_all + first);
            for (int64_t x = 0; x < work.pooled_width(); x++) {
                const int64_t out = (row * work.pooled_width() + x) * work.channels + first;
                for (int v = 0; v < many; v++) {
                    const int64_t in = top + 2 * x * work.channels + first + v * sixteen;
                    Places place;
                    read_places<T>(place, work.places + out + v * sixteen);
                    Values g;
                    Channels<T>::read(g, work.gradient + out + v * sixteen);
                    g = g * scale.values[v];
                    for (int k = 0; k < 4; k++) {
                        Values pixel;
                        Channels<T>::read(pixel, work.images + in + offsets[k]);
                        pixel = (pixel - mean.values[v]) * of_pixel.values[v] + of_all.values[v];
                        Channels<T>::write(work.image_gradient + in + offsets[k], place == k ? pixel + g : pixel);
                    }
                }
            }
            // Where the height or width is odd, the last row or column is in no window.
            const auto alone = [&](int64_t y, int64_t x) __attribute__((always_inline)) {
                const int64_t in = ((image * work.height + y) * work.width + x) * work.channels + first;
                for (int v = 0; v < many; v++) {
                    Values pixel;
                    Channels<T>::read(pixel, work.images + in + v * sixteen);
                    pixel = (pixel - mean.values[v]) * of_pixel.values[v] + of_all.values[v];
                    Channels<T>::write(work.image_gradient + in + v * sixteen, pixel);
                }
            };
            if (work.width % 2 != 0) {
                alone(2 * y, work.width - 1);
                alone(2 * y + 1, work.width - 1);
            }
            if (work.height % 2 != 0 && y == work.pooled_height() - 1) {
                for (int64_t x = 0; x < work.width; x++) alone(work.height - 1, x);
            }
        });
    }
}

enum class Pass { statistics, normalize, normalize_pooled, gradient_sums, gradient, pooled_gradient_sums, pooled_gradient };

template <class T>
ANNEAL_INLINE void make(Pass pass, const Work<T>& work, int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; block++) {
        switch (pass) {
            case Pass::statistics: statistics(work, block); break;
            case Pass::normalize: normalize(work, block); break;
            case Pass::normalize_pooled: normalize_pooled(work, block); break;
            case Pass::gradient_sums: gradient_sums(work, block); break;
            case Pass::gradient: gradient_of_images(work, block); break;
            case Pass::pooled_gradient_sums: pooled_gradient_sums(work, block); break;
            case Pass::pooled_gradient: pooled_gradient_of_images(work, block); break;
        }
    }
}

ANNEAL_CLONES void make_clone(Pass pass, const Work<float>& work, int64_t begin, int64_t end) { make(pass, work, begin, end); }
ANNEAL_CLONES void make_clone(Pass pass, const Work<double>& work, int64_t begin, int64_t end) { make(pass, work, begin, end); }
ANNEAL_CLONES void make_clone(Pass pass, const Work<at::BFloat16>& work, int64_t begin, int64_t end) { make(pass, work, begin, end); }

template <class T>
void over_blocks(Pass pass, const Work<T>& work, int64_t blocks) {
    const int64_t numbers_per_block = pixels_per_block * work.channels;
    at::parallel_for(0, blocks, std::max(int64_t{1}, 256 * 1024 / numbers_per_block), [&](int64_t begin, int64_t end) {
        make_clone(pass, work, begin, end);
    });
}

// Two sums for each channel, added up over the blocks in their order.
template <class T>
std::vector<double> sum_blocks(Pass pass, Work<T>& work, int64_t blocks) {
    std::vector<double> partial(blocks * 2 * work.channels), total(2 * work.channels);
    work.sums = partial.data();
    over_blocks(pass, work, blocks);
    for (int64_t block = 0; block < blocks; block++) {
        for (int64_t i = 0; i < 2 * work.channels; i++) total[i] += partial[block * 2 * work.channels + i];
    }
    return total;
}

template <class T>
Work<T> work_on(const at::Tensor& images) {
    Work<T> work{};
    work.channels = images.size(1);
    work.height = images.size(2);
    work.width = images.size(3);
    work.pixels = images.numel() / work.channels;
    work.images = static_cast<const T*>(images.data_ptr());
    return work;
}

// What the way back needs beside the images, one row each of as many numbers as there are channels.
enum Row { mean_row, deviation_row, scale_row, shift_row, rows };

template <class T>
void find_statistics(Work<T>& work, const at::Tensor& running_mean, const at::Tensor& running_variance, double momentum, double epsilon,
                     typename Channels<T>::Number* mean, typename Channels<T>::Number* inverse_deviation) {
    using Number = typename Channels<T>::Number;
    const auto sums = sum_blocks(Pass::statistics, work, work.blocks());
    auto* kept_mean = static_cast<Number*>(running_mean.data_ptr());
    auto* kept_variance = static_cast<Number*>(running_variance.data_ptr());
    const double count = double(work.pixels);
    for (int64_t c = 0; c < work.channels; c++) {
        const double away = sums[c] / count;
        const double variance = std::max(0.0, sums[work.channels + c] / count - away * away);
        // A NaN would be taken for the lower bound above.
        const double seen = std::isfinite(sums[work.channels + c]) ? variance : std::nan("");
        mean[c] = Number(double(work.images[c]) + away);
        inverse_deviation[c] = Number(1 / std::sqrt(seen + epsilon));
        kept_mean[c] = Number(momentum * (double(work.images[c]) + away) + (1 - momentum) * kept_mean[c]);
        kept_variance[c] = Number(momentum * seen * count / (count - 1) + (1 - momentum) * kept_variance[c]);
    }
}

struct Forward {
    at::Tensor result, rows, places;
};

template <class T>
Forward forward(const at::Tensor& images, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& running_mean,
                const at::Tensor& running_variance, bool training, double momentum, double epsilon, bool pool) {
    using Number = typename Channels<T>::Number;
    auto work = work_on<T>(images);
    Forward made;
    made.rows = at::empty({rows, work.channels}, weight.options().requires_grad(false));
    auto* row = static_cast<Number*>(made.rows.data_ptr());
    Number* mean = row + mean_row * work.channels;
    Number* inverse_deviation = row + deviation_row * work.channels;
    if (training) {
        find_statistics(work, running_mean, running_variance, momentum, epsilon, mean, inverse_deviation);
        running_mean.unsafeGetTensorImpl()->bump_version();
        running_variance.unsafeGetTensorImpl()->bump_version();
    } else {
        for (int64_t c = 0; c < work.channels; c++) {
            mean[c] = static_cast<const Number*>(running_mean.data_ptr())[c];
            inverse_deviation[c] = Number(1 / std::sqrt(double(static_cast<const Number*>(running_variance.data_ptr())[c]) + epsilon));
        }
    }
    Number* scale = row + scale_row * work.channels;
    Number* shift = row + shift_row * work.channels;
    for (int64_t c = 0; c < work.channels; c++) {
        scale[c] = inverse_deviation[c] * static_cast<const Number*>(weight.data_ptr())[c];
        shift[c] = static_cast<const Number*>(bias.data_ptr())[c] - mean[c] * scale[c];
    }
    work.scale = scale;
    work.shift = shift;
    std::vector<int64_t> shape = images.sizes().vec();
    if (pool) {
        shape[2] /= 2;
        shape[3] /= 2;
    }
    made.result = at::empty(shape, images.options().requires_grad(false).memory_format(at::MemoryFormat::ChannelsLast));
    work.result = static_cast<T*>(made.result.data_ptr());
    if (pool) {
        made.places = at::empty({made.result.numel()}, images.options().requires_grad(false).dtype(at::kByte));
        work.places = static_cast<uint8_t*>(made.places.data_ptr());
        over_blocks(Pass::normalize_pooled, work, work.pooled_blocks());
    } else {
        over_blocks(Pass::normalize, work, work.blocks());
    }
    return made;
}

struct Gradients {
    at::Tensor images, weight, bias;
};

template <class T>
Gradients backward(const at::Tensor& gradient, const at::Tensor& images, const at::Tensor& weight, const at::Tensor& kept, const at::Tensor& places) {
    using Number = typename Channels<T>::Number;
    auto work = work_on<T>(images);
    const bool pool = places.defined();
    const auto* row = static_cast<const Number*>(kept.data_ptr());
    work.gradient = static_cast<const T*>(gradient.data_ptr());
    work.mean = row + mean_row * work.channels;
    work.scale = row + scale_row * work.channels;
    work.shift = row + shift_row * work.channels;
    work.places = pool ? static_cast<uint8_t*>(places.data_ptr()) : nullptr;
    const auto sums = pool ? sum_blocks(Pass::pooled_gradient_sums, work, work.pooled_blocks())
                           : sum_blocks(Pass::gradient_sums, work, work.blocks());
    Gradients made{
        at::empty(images.sizes(), images.options().requires_grad(false).memory_format(at::MemoryFormat::ChannelsLast)),
        at::empty({work.channels}, weight.options().requires_grad(false)), at::empty({work.channels}, weight.options().requires_grad(false))};
    std::vector<Number> of_pixel(work.channels), of_all(work.channels);
    for (int64_t c = 0; c < work.channels; c++) {
        const double inverse_deviation = row[deviation_row * work.channels + c], scale = work.scale[c], count = double(work.pixels);
        static_cast<Number*>(made.bias.data_ptr())[c] = Number(sums[c]);
        static_cast<Number*>(made.weight.data_ptr())[c] = Number(sums[work.channels + c] * inverse_deviation);
        of_pixel[c] = Number(-scale * inverse_deviation * inverse_deviation * sums[work.channels + c] / count);
        of_all[c] = Number(-scale * sums[c] / count);
    }
    work.of_pixel = of_pixel.data();
    work.of_all = of_all.data();
    work.image_gradient = static_cast<T*>(made.images.data_ptr());
    over_blocks(pool ? Pass::pooled_gradient : Pass::gradient, work, pool ? work.pooled_blocks() : work.blocks());
    return made;
}

// Calls body with a value of the images' type.
template <class Body>
auto with_type(const at::Tensor& images, Body body) {
    switch (images.scalar_type()) {
        case at::kFloat: return body(float());
        case at::kDouble: return body(double());
        default: return body(at::BFloat16());
    }
}

class Recorded : public torch::autograd::Function<Recorded> {
public:
    static at::Tensor forward(
        AutogradContext* context, const at::Tensor& images, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& running_mean,
        const at::Tensor& running_variance, double momentum, double epsilon, bool pool) {
        const auto made = with_type(images, [&](auto zero) {
            return anneal::forward<decltype(zero)>(images, weight, bias, running_mean, running_variance, true, momentum, epsilon, pool);
        });
        context->save_for_backward({images, weight, made.rows, made.places});
        return made.result;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        TORCH_CHECK(!at::GradMode::is_enabled(), "anneal::batch_norm_relu has a first derivative only");
        const auto saved = context->get_saved_variables();
        const auto gradient = gradients[0].to(saved[0].scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
        const auto made = with_type(saved[0], [&](auto zero) {
            return anneal::backward<decltype(zero)>(gradient, saved[0], saved[1], saved[2], saved[3]);
        });
        const at::Tensor none;
        return {made.images, made.weight, made.bias, none, none, none, none, none};
    }
};

bool fits(const at::Tensor& images, std::initializer_list<at::Tensor> numbers, bool pool) {
    const auto type = images.scalar_type();
    if (!images.is_cpu() || images.dim() != 4 || (type != at::kFloat && type != at::kDouble && type != at::kBFloat16)) return false;
    if (images.size(1) == 0 || images.size(1) % sixteen != 0 || images.numel() / images.size(1) < 2) return false;
    if (pool && (images.size(2) < 2 || images.size(3) < 2)) return false;
    for (const auto& tensor : numbers) {
        const bool like = tensor.defined() && tensor.is_cpu() && tensor.is_contiguous() && tensor.dim() == 1 && tensor.size(0) == images.size(1);
        if (!like || tensor.scalar_type() != (type == at::kDouble ? at::kDouble : at::kFloat)) return false;
    }
    return images.is_contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor batch_norm_relu(
    const at::Tensor& images, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& running_mean,
    const at::Tensor& running_variance, bool training, double momentum, double epsilon, bool pool) {
    const bool recorded = at::GradMode::is_enabled() && (images.requires_grad() || weight.requires_grad() || bias.requires_grad());
    if (!fits(images, {weight, bias, running_mean, running_variance}, pool) || (recorded && !training)) {
        auto result = at::batch_norm(images, weight, bias, running_mean, running_variance, training, momentum, epsilon, false).relu_();
        return pool ? at::max_pool2d(result, {2, 2}, {2, 2}) : result;
    }
    if (recorded) return Recorded::apply(images, weight, bias, running_mean, running_variance, momentum, epsilon, pool);
    return with_type(images, [&](auto zero) {
        return forward<decltype(zero)>(images, weight, bias, running_mean, running_variance, training, momentum, epsilon, pool).result;
    });
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    // max(0, batch_norm(images)), and of that the largest of each 2×2 window where pool is true. The fused form is for
    // images on the CPU that lie pixel by pixel with channels in sixteens; others get the same by libtorch's operators.
    library.def(
        "batch_norm_relu(Tensor images, Tensor weight, Tensor bias, Tensor(a!) running_mean, Tensor(b!) running_variance, "
        "bool training, float momentum, float epsilon, bool pool) -> Tensor",
        batch_norm_relu);
}

}  // namespace anneal
