# The target `libtorch`: whichever libtorch there is, be it a distribution's package, an unpacked zip, or the `torch`
# folder of a pip or conda install. It looks for the files itself, because find_package(Torch) insists on a whole CUDA
# toolkit where libtorch was built with CUDA, and nothing here needs one.
set(LIBTORCH "" CACHE PATH "A libtorch folder with include/ and lib/; empty for the one the system has.")

if(LIBTORCH)
  set(only NO_DEFAULT_PATH)
endif()
find_library(torch_cpu torch_cpu PATHS "${LIBTORCH}/lib" ${only} NO_CACHE REQUIRED)
find_path(torch_include ATen/ATen.h PATHS "${LIBTORCH}/include" ${only} NO_CACHE REQUIRED)
# A distribution names the file by a link; its neighbours lie beside the link.
get_filename_component(torch_folder "${torch_cpu}" DIRECTORY)

set(api_include "${torch_include}/torch/csrc/api/include")
file(STRINGS "${api_include}/torch/version.h" version_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR) ")
string(REGEX MATCHALL "[0-9]+" version "${version_lines}")
list(JOIN version "." version)
if(version VERSION_LESS 1.13)
  message(FATAL_ERROR "Anneal needs libtorch 1.13 or later. Found: ${version} at ${torch_folder}.")
endif()
message(STATUS "libtorch ${version} at ${torch_folder}")

add_library(libtorch INTERFACE)
# As a system's headers: their warnings are not ours.
target_include_directories(libtorch SYSTEM INTERFACE "${torch_include}" "${api_include}")
set(CMAKE_BUILD_RPATH "${torch_folder}")

file(STRINGS "${torch_include}/ATen/ATen.h" demands_20 REGEX "__cplusplus < 202002L")
if(demands_20)
  target_compile_features(libtorch INTERFACE cxx_std_20)
else()
  target_compile_features(libtorch INTERFACE cxx_std_17)
endif()

# Wheels before 2.6 were built with the old std::string; the symbols say which one this build speaks.
file(STRINGS "${torch_folder}/libc10.so" new_strings REGEX "_ZN3c105ErrorC.*__cxx11" LIMIT_COUNT 1)
if(new_strings)
  target_compile_definitions(libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
else()
  target_compile_definitions(libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=0)
endif()

# --no-as-needed: the CUDA kernels register themselves when their library is loaded; nothing calls one by name.
target_link_options(libtorch INTERFACE -Wl,--no-as-needed)
foreach(name torch torch_cpu c10 torch_cuda c10_cuda)
  if(EXISTS "${torch_folder}/lib${name}.so")
    target_link_libraries(libtorch INTERFACE "${torch_folder}/lib${name}.so")
  endif()
endforeach()
