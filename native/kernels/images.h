// Batches of images, plane by plane.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>

namespace anneal {

inline void require_images(const at::Tensor& images) {
    TORCH_CHECK(images.dim() == 4, "images must have the shape [batch, channels, height, width], but have ", images.sizes());
}

// Calls body(plane) for each channel of each image, on several threads where there is enough to move.
template <class Body>
void over_planes(const at::Tensor& images, Body body) {
    const int64_t planes = images.size(0) * images.size(1);
    const int64_t pixels = std::max(int64_t{1}, images.size(2) * images.size(3));
    at::parallel_for(0, planes, std::max(int64_t{1}, 1024 * 1024 / pixels), [&](int64_t begin, int64_t end) {
        for (int64_t plane = begin; plane < end; plane++) body(plane);
    });
}

}  // namespace anneal
