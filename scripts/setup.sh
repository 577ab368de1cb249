# Sourced by anneal, test and bench/run, with `root` set to the repository. Sees to it that what a command needs is
# installed and built. Where everything is there it costs a few milliseconds: it compares one hash of the sources'
# names, sizes and times with the hash of the last good build.

# A descriptor that is closed would be given to the next file that is opened, and messages written into that file.
[[ -e /proc/self/fd/0 || ! -e /proc/self/fd ]] || exec </dev/null
[[ -e /proc/self/fd/1 || ! -e /proc/self/fd ]] || exec >/dev/null
[[ -e /proc/self/fd/2 || ! -e /proc/self/fd ]] || exec 2>/dev/null

artifacts=$root/artifacts
log=$artifacts/build.log

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Prints what changes whenever a source below the given paths does. Restoring writes lock files: they do not count.
fingerprint() {
  # A folder that is not there has no sources.
  { cd "$root" && find "$@" -type f ! -name packages.lock.json -printf '%p %s %T@\n' 2>/dev/null || true; } | sha256sum
}

# Runs one part of the build with its output in the log; on failure shows the log's end.
logged() {
  if ! (cd "$root" && "$@") >>"$log" 2>&1 </dev/null 9>&-; then
    tail -n 25 "$log" >&2
    die "This failed: $* (the whole log: $log)"
  fi
}

# One build at a time, from the first thing that has to be built to `unlock`. A second command waits for the first and
# then finds everything done. Children are started without the lock's descriptor, so that nothing which outlives the
# build can hold it.
lock() {
  [[ -z ${locked:-} ]] || return 0
  locked=yes
  [[ $OSTYPE == linux* ]] || die "Anneal runs on Linux for now. Received: $OSTYPE."
  mkdir -p "$artifacts" && : >>"$artifacts/lock" || die "Anneal builds into $artifacts, which must be writable."
  exec 9>"$artifacts/lock"
  if ! flock -n 9; then
    say "Another command is building; waiting for it ..."
    flock 9
  fi
  : >"$log"
}
unlock() {
  [[ -z ${locked:-} ]] || exec 9>&-
  locked=
}

# Installs Debian packages: with sudo when not root. Says nothing but its one line unless it fails.
install() {
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "Installing needs root and there is no sudo. As root: apt-get install $*"
    as_root=(sudo)
    # Without a terminal nobody could type a password: fail at once and say what to run.
    [[ -t 0 ]] && sudo -v || sudo -n true 2>/dev/null || die "sudo wants a password. Run: sudo apt-get install $*"
  fi
  say "Installing $* (once) ..."
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -q)
  # One unreachable source among several makes an update fail and the install still succeed.
  "${apt[@]}" update >>"$log" 2>&1 </dev/null 9>&- || true
  logged "${apt[@]}" install -y --no-install-recommends "$@"
}

# Sets `torch_library` to the libtorch_cpu.so that is used, or to nothing.
find_libtorch() {
  torch_library=
  if [[ -n ${ANNEAL_LIBTORCH:-} ]]; then
    torch_library=$ANNEAL_LIBTORCH/lib/libtorch_cpu.so
    [[ -e $torch_library && -e $ANNEAL_LIBTORCH/include/ATen/ATen.h ]] ||
      die "ANNEAL_LIBTORCH must name a folder with include/ and lib/libtorch_cpu.so: an unpacked libtorch zip, or the" \
        "'torch' folder of a pip or conda install. Received: $ANNEAL_LIBTORCH"
    [[ $ANNEAL_LIBTORCH == /* ]] || ANNEAL_LIBTORCH=$PWD/$ANNEAL_LIBTORCH torch_library=$PWD/$torch_library
    return
  fi
  local folder
  for folder in "/usr/lib/$HOSTTYPE-linux-gnu" /usr/lib64 /usr/lib /usr/local/lib; do
    if [[ -e $folder/libtorch_cpu.so ]]; then
      torch_library=$folder/libtorch_cpu.so
      return
    fi
  done
}

# Installs what building needs and this machine lacks. Where there is no apt-get, says what to install.
prepare() {
  local needed=() wished=()
  [[ -n $torch_library ]] || needed+=(libtorch-dev)
  command -v "${CXX:-c++}" >/dev/null || needed+=(g++)
  command -v cmake >/dev/null || needed+=(cmake)
  command -v ninja >/dev/null || command -v make >/dev/null || needed+=(ninja-build)
  # Debian's libtorch multiplies matrices with whatever libblas.so.3 is: by default the reference one, ten times slower.
  local blas=/etc/alternatives/libblas.so.3-$HOSTTYPE-linux-gnu
  local reference=/usr/lib/$HOSTTYPE-linux-gnu/blas/libblas.so.3
  if [[ -z ${ANNEAL_LIBTORCH:-} ]] && [[ ! -e $blas || $blas -ef $reference ]]; then
    wished+=(libopenblas0-pthread)
  fi
  [[ -e /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz ]] || wished+=(dataset-fashion-mnist)

  if command -v apt-get >/dev/null; then
    if ((${#needed[@]} + ${#wished[@]} > 0)); then
      install "${needed[@]}" "${wished[@]}"
    fi
    # A machine whose administrator once chose the reference BLAS by hand keeps it through the installation.
    if [[ " ${wished[*]} " == *openblas* && $blas -ef $reference ]]; then
      say "The slow reference BLAS was chosen by hand. Faster: sudo update-alternatives --auto ${blas##*/}"
    fi
  elif ((${#needed[@]} > 0)); then
    die "There is no apt-get here. Anneal needs libtorch 1.13 or later (or ANNEAL_LIBTORCH=<folder>), a C++ compiler," \
      "CMake and ninja; missing here, by Debian's names: ${needed[*]}"
  fi
}

# Puts dotnet on the PATH from the usual folders where it is not there already.
find_dotnet() {
  local folder
  for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
    command -v dotnet >/dev/null && return
    [[ -x $folder/dotnet ]] && PATH=$folder:$PATH
  done
  command -v dotnet >/dev/null || die "No dotnet found. $wanted_sdk"
}
wanted_sdk="Anneal needs the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0"

# Exports ANNEAL_NATIVE, the native library that fits the libtorch in use, and builds it when its sources or that
# libtorch have changed. Each libtorch has a build of its own under artifacts/native.
native() {
  find_libtorch
  [[ -n $torch_library ]] && native_is_built && return
  lock
  if [[ -z $torch_library ]] || ! native_is_built; then
    prepare
    find_libtorch
    [[ -n $torch_library ]] || die "libtorch-dev is installed, but there is no libtorch_cpu.so in the usual folders."
    native_is_built || build_native
  fi
}

native_is_built() {
  local sources stamp
  local build identity
  build=$(stat -L -c '%s-%Y' "$torch_library") || die "Cannot read $torch_library."
  identity=${torch_library//\//-}
  # The end of the path is enough: where it, the size and the time are all the same, so is the library.
  ((${#identity} <= 100)) || identity=${identity: -100}
  native_folder=$artifacts/native/${identity#-}-$build
  sources=$(fingerprint native)
  native_stamp=$sources
  export ANNEAL_NATIVE=$native_folder/libanneal_torch.so
  [[ -e $ANNEAL_NATIVE && -e $native_folder/stamp ]] && stamp=$(<"$native_folder/stamp") && [[ $stamp == "$sources" ]]
}

build_native() {
  say "Building the native library (once; a minute or two) ..."
  local build=$native_folder/build generator=()
  # CMake keeps the paths it was run with: in a repository that was moved or copied, it begins again.
  if [[ -e $build/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root/native" "$build/CMakeCache.txt"; then
    rm -rf "$build"
  fi
  command -v ninja >/dev/null && generator=(-G Ninja)
  logged cmake -S native -B "$build" "${generator[@]}" -DLIBTORCH="${ANNEAL_LIBTORCH:-}"
  logged cmake --build "$build" --parallel
  # By a rename: a process that has the old library mapped keeps it whole.
  cp "$build/libanneal_torch.so" "$ANNEAL_NATIVE.new"
  mv "$ANNEAL_NATIVE.new" "$ANNEAL_NATIVE"
  printf '%s\n' "$native_stamp" >"$native_folder/stamp"
  # For programs started without these scripts, such as a test from an editor.
  ln -sfn "${native_folder##*/}" "$artifacts/native/current"
}

# managed NAME TARGET PATH...: builds TARGET in Release unless the files below PATH... are those of its last build.
managed() {
  local name=$1 target=$2 stamp=$artifacts/stamps/${2//\//-} sources
  shift 2
  sources=$(fingerprint "$@" global.json .editorconfig Directory.Build.props Directory.Packages.props)
  managed_is_built && return
  lock
  if ! managed_is_built; then
    (cd "$root" && dotnet --version) >>"$log" 2>&1 9>&- || die "This dotnet has no SDK that fits global.json. $wanted_sdk"
    say "Building $name (once) ..."
    local restore=()
    # A continuous integration build takes the packages that the lock files name or fails.
    [[ ${CI:-} == true ]] && restore=(--locked-mode)
    logged dotnet restore "$target" "${restore[@]}" --disable-build-servers -v quiet
    logged dotnet build "$target" --no-restore -c Release --disable-build-servers -v quiet
    mkdir -p "$artifacts/stamps"
    printf '%s\n' "$sources" >"$stamp"
  fi
}

managed_is_built() { [[ -e $stamp && $(<"$stamp") == "$sources" ]]; }
