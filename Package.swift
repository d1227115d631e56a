// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is held to: imports are internal unless they say otherwise, existentials are spelled
/// out, members are visible only through their own module's import, and every unsafe expression is marked.
let discipline: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A directory that holds `include/` and `lib/` of another oneDNN than the system's (3.x, say).
let oneDNNPrefix = Context.environment["SORA_ONEDNN_PREFIX"]
let oneDNNCompile: [CSetting] = oneDNNPrefix.map { [.unsafeFlags(["-I\($0)/include"])] } ?? []
// By its file, since FFmpeg's directories are searched first, and the system's oneDNN may be there too.
let oneDNNLink: [LinkerSetting] =
    oneDNNPrefix.map {
        [.unsafeFlags(["-Xlinker", "\($0)/lib/libdnnl.so", "-Xlinker", "-rpath", "-Xlinker", "\($0)/lib"])]
    } ?? [.linkedLibrary("dnnl")]

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: discipline)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, resources: [.copy("Fixtures")], swiftSettings: discipline)
}

let package = Package(
    name: "sora",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "sora", targets: ["sora"]),
        .executable(name: "sora-server", targets: ["sora-server"]),
        .library(name: "Media", targets: ["Media"]),
        .library(name: "Neural", targets: ["Neural"]),
        .library(name: "Classifiers", targets: ["Classifiers"]),
        .library(name: "SoraModel", targets: ["SoraModel"]),
        .library(name: "Datasets", targets: ["Datasets"]),
        .library(name: "Training", targets: ["Training"]),
        .library(name: "Reports", targets: ["Reports"]),
        .library(name: "Interop", targets: ["Interop"]),
        .library(name: "Retrieval", targets: ["Retrieval"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavformat",
            providers: [
                .apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswscale-dev"]), .brew(["ffmpeg"]),
            ]),
        .target(name: "COneDNN", cSettings: oneDNNCompile, linkerSettings: oneDNNLink),
        module("Media", ["CFFmpeg"]),
        .target(name: "CKernels"),
        module("Neural", ["COneDNN", "CKernels"]),
        .systemLibrary(name: "CLIBSVM", providers: [.apt(["libsvm-dev"]), .brew(["libsvm"])]),
        .systemLibrary(name: "CXGBoost", providers: [.apt(["libxgboost-dev"]), .brew(["xgboost"])]),
        module("Classifiers", ["CLIBSVM", "CXGBoost"]),
        .target(name: "CDefaultModel", exclude: ["default.safetensors"]),
        module("SoraModel", ["Neural", "Media", "Classifiers", "CDefaultModel"]),
        module("Datasets", ["Media"]),
        module("Training", ["SoraModel", "Datasets", "Classifiers"]),
        module("Interop", ["SoraModel", "Neural"]),
        .target(
            name: "CFAISS",
            linkerSettings: [.linkedLibrary("faiss"), .linkedLibrary("openblas"), .linkedLibrary("gomp")]),
        module("Retrieval", ["SoraModel", "Media", "Neural", "CFAISS", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "CPage", exclude: ["page.html", "app.js", "app.css", "openapi.json"]),
        module(
            "Server",
            [
                "Retrieval", "Datasets", "SoraModel", "Neural", "Media", "CPage",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(
            name: "sora-server",
            dependencies: [
                "Server", "SoraModel", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: discipline),
        module("Reports", ["Media", .product(name: "Mustache", package: "swift-mustache")]),
        .executableTarget(
            name: "sora",
            dependencies: [
                "Media", "Neural", "Classifiers", "SoraModel", "Datasets", "Training", "Reports", "Interop",
                "Retrieval", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: discipline),
        .target(name: "CAllocations", path: "Benchmarks/CAllocations"),
        .executableTarget(
            name: "micro-benchmarks", dependencies: ["CAllocations", "Neural", "SoraModel"], path: "Benchmarks/Micro",
            exclude: ["limits.json"], swiftSettings: discipline),
        .executableTarget(
            name: "vector-benchmarks",
            dependencies: [
                "Retrieval", "Datasets", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Vectors", swiftSettings: discipline),
        tests("MediaTests", ["Media"]),
        tests("NeuralTests", ["Neural"]),
        tests("ClassifiersTests", ["Classifiers"]),
        tests("SoraModelTests", ["SoraModel"]),
        tests("DatasetsTests", ["Datasets"]),
        tests("TrainingTests", ["Training"]),
        tests("RetrievalTests", ["Retrieval", "Datasets", "SoraModel", "Neural", "Media"]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Retrieval", "Datasets", "SoraModel", "Neural", "Media",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ], resources: [.copy("Fixtures")], swiftSettings: discipline),
        tests("ReportsTests", ["Reports", "Media"]),
        tests("InteropTests", ["Interop"]),
        tests("SoraTests", ["sora", "Datasets", "Neural"]),
    ],
    cxxLanguageStandard: .cxx17
)
