using System.Diagnostics;
using System.Runtime.CompilerServices;
using Anneal.Testing;

namespace Anneal.Cli.Tests.Programs;

/// <summary>The part of <c>scripts/setup.sh</c> that builds the native library, with a CMake that only keeps what the real one insists on.</summary>
public sealed class SetupTests : IDisposable
{
    const string Lines = """
        set -euo pipefail
        root=$1; PATH=$root/bin:$PATH; source "$2/../../../scripts/setup.sh"
        torch_library=/usr/lib/libtorch_cpu.so native_folder=$artifacts/native/one native_stamp=new
        export ANNEAL_NATIVE=$native_folder/libanneal_torch.so
        mkdir -p "$native_folder"; : >"$log"
        build_native
        """;

    const string CMake = """
        #!/bin/bash
        # As the real one: a build folder belongs to the folder of sources that it was made for.
        if [[ $1 == --build ]]; then echo built >"$2/libanneal_torch.so"; exit; fi
        mkdir -p "$4"; line=CMAKE_HOME_DIRECTORY:INTERNAL=$PWD/$2
        if [[ -e $4/CMakeCache.txt ]] && ! grep -qxF "$line" "$4/CMakeCache.txt"; then echo "CMake Error: the source does not match" >&2; exit 1; fi
        echo "$line" >"$4/CMakeCache.txt"
        """;

    readonly TemporaryFolder folder = new();

    public SetupTests()
    {
        Directory.CreateDirectory(folder.File("first/bin"));
        File.WriteAllText(folder.File("first/bin/cmake"), CMake);
        Run("chmod", "+x", folder.File("first/bin/cmake"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ARepositoryThatWasMovedBuildsAgain()
    {
        Build("first");
        string unused = folder.File("first/artifacts/native/one/build/from-before");
        File.WriteAllText(unused, "");
        Build("first");
        Assert.True(File.Exists(unused));

        Directory.Move(folder.File("first"), folder.File("second"));
        Build("second");
        Assert.Equal("built\n", File.ReadAllText(folder.File("second/artifacts/native/one/libanneal_torch.so")));
        Assert.False(File.Exists(folder.File("second/artifacts/native/one/build/from-before")));
    }

    void Build(string root, [CallerFilePath] string here = "") =>
        Run("bash", "-c", Lines, "bash", folder.File(root), Path.GetDirectoryName(here)!);

    static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }
}
