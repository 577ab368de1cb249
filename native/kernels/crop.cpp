// Windows cut out of images with a border around them, each image at its own place: straight memory moves.
#include <torch/library.h>

#include <cstring>

#include "images.h"

namespace anneal {
namespace {

// A filled value of any type, as bytes.
void fill(char* to, int64_t elements, const char* value, int64_t size) {
    if (size == 1) {
        std::memset(to, *value, elements);
        return;
    }
    for (int64_t i = 0; i < elements; i++) std::memcpy(to + i * size, value, size);
}

// out(y, x) = in(y + down, x + right). Rows follow each other, so all that both have is one stretch of memory; what came
// round the edges with it is then overwritten.
void shift(const char* in, char* out, int64_t height, int64_t width, int64_t down, int64_t right, const char* value, int64_t size) {
    const int64_t top = std::max(int64_t{0}, -down), bottom = std::min(height, height - down);
    const int64_t left = std::max(int64_t{0}, -right), end = std::min(width, width - right);
    if (top >= bottom || left >= end) {
        fill(out, height * width, value, size);
        return;
    }
    const int64_t first = top * width + left, last = (bottom - 1) * width + end;
    std::memcpy(out + first * size, in + (first + down * width + right) * size, (last - first) * size);
    fill(out, first, value, size);
    fill(out + last * size, height * width - last, value, size);
    const int64_t gap = width - (end - left);
    if (gap == 0) return;
    for (int64_t y = top + 1; y < bottom; y++) fill(out + (y * width + left - gap) * size, gap, value, size);
}

at::Tensor crop_others(const at::Tensor& images, const at::Tensor& offsets, int64_t padding, double value) {
    const auto device = at::TensorOptions().device(images.device()).dtype(at::kLong);
    const auto padded = at::constant_pad_nd(images, {padding, padding, padding, padding}, value);
    const auto places = offsets.to(device);
    const auto rows = places.select(1, 0).view({-1, 1, 1, 1}) + at::arange(images.size(2), device).view({1, 1, -1, 1});
    const auto columns = places.select(1, 1).view({-1, 1, 1, 1}) + at::arange(images.size(3), device).view({1, 1, 1, -1});
    const auto which = at::arange(images.size(0), device).view({-1, 1, 1, 1});
    const auto channels = at::arange(images.size(1), device).view({1, -1, 1, 1});
    return at::index(padded, {which, channels, rows, columns});
}

at::Tensor crop(const at::Tensor& images, const at::Tensor& offsets, int64_t padding, double value) {
    at::NoGradGuard no_gradient;
    require_images(images);
    TORCH_CHECK(
        offsets.is_cpu() && offsets.scalar_type() == at::kLong && offsets.is_contiguous() && offsets.dim() == 2
            && offsets.size(0) == images.size(0) && offsets.size(1) == 2,
        "offsets must be an Int64 tensor of shape [", images.size(0), ", 2] on the CPU, but are ", offsets.scalar_type(), " ", offsets.sizes());
    const auto* places = static_cast<const int64_t*>(offsets.data_ptr());
    for (int64_t i = 0; i < offsets.numel(); i++) {
        TORCH_CHECK(places[i] >= 0 && places[i] <= 2 * padding, "offsets must be from 0 to ", 2 * padding, ", but one is ", places[i]);
    }
    if (!images.is_cpu()) return crop_others(images, offsets, padding, value);
    const auto in = images.contiguous();
    auto out = at::empty_like(in);
    const auto filled = at::full({1}, value, images.options());
    const int64_t size = images.element_size(), channels = images.size(1), height = images.size(2), width = images.size(3);
    over_planes(in, [&](int64_t plane) {
        const int64_t* place = places + plane / channels * 2;
        const int64_t start = plane * height * width * size;
        shift(
            static_cast<const char*>(in.data_ptr()) + start, static_cast<char*>(out.data_ptr()) + start, height, width,
            place[0] - padding, place[1] - padding, static_cast<const char*>(filled.data_ptr()), size);
    });
    return out;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    // Each image's window starts at its offsets (down, right), 0 to 2·padding, in the image with `padding` pixels around it.
    library.def("crop(Tensor images, Tensor offsets, int padding, float fill=0) -> Tensor", crop);
}

}  // namespace anneal
