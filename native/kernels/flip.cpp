// Images with left and right exchanged where a mask says so.
#include <torch/library.h>

#include <cstring>

#include "images.h"

namespace anneal {
namespace {

template <class T>
void reverse(const char* in, char* out, int64_t width) {
    const T* from = reinterpret_cast<const T*>(in);
    T* to = reinterpret_cast<T*>(out);
    for (int64_t x = 0; x < width; x++) to[x] = from[width - 1 - x];
}

// Eight pixels at a time; the last eight overlap those before where the width is no multiple of 8.
void reverse_bytes(const char* in, char* out, int64_t width) {
    if (width < 8) {
        reverse<uint8_t>(in, out, width);
        return;
    }
    for (int64_t x = 0;; x = std::min(x + 8, width - 8)) {
        uint64_t eight;
        std::memcpy(&eight, in + width - 8 - x, 8);
        eight = __builtin_bswap64(eight);
        std::memcpy(out + x, &eight, 8);
        if (x == width - 8) return;
    }
}

at::Tensor flip(const at::Tensor& images, const at::Tensor& mask) {
    at::NoGradGuard no_gradient;
    require_images(images);
    TORCH_CHECK(
        mask.is_cpu() && mask.scalar_type() == at::kBool && mask.is_contiguous() && mask.dim() == 1 && mask.size(0) == images.size(0),
        "the mask must be a Bool tensor of shape [", images.size(0), "] on the CPU, but is ", mask.scalar_type(), " ", mask.sizes());
    const int64_t size = images.element_size();
    if (!images.is_cpu() || size > 8) {
        return at::where(mask.to(images.device()).view({-1, 1, 1, 1}), images.flip({3}), images);
    }
    const auto in = images.contiguous();
    auto out = at::empty_like(in);
    const auto* flipped = static_cast<const bool*>(mask.data_ptr());
    const int64_t channels = images.size(1), height = images.size(2), width = images.size(3), row = width * size;
    const auto reverse_row = size == 1 ? reverse_bytes : size == 2 ? reverse<uint16_t> : size == 4 ? reverse<uint32_t> : reverse<uint64_t>;
    over_planes(in, [&](int64_t plane) {
        const char* from = static_cast<const char*>(in.data_ptr()) + plane * height * row;
        char* to = static_cast<char*>(out.data_ptr()) + plane * height * row;
        if (!flipped[plane / channels]) {
            std::memcpy(to, from, height * row);
            return;
        }
        for (int64_t y = 0; y < height; y++) reverse_row(from + y * row, to + y * row, width);
    });
    return out;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    library.def("flip(Tensor images, Tensor mask) -> Tensor", flip);
}

}  // namespace anneal
