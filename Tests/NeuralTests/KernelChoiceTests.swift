import Foundation
import Neural
import Testing

/// Kernels that are chosen by what they take, and the file in which that is kept.
@Suite struct KernelChoiceTests {
    /// Two layers of whole blocks of channels, for which every way has a kernel.
    private func problem() throws -> DifferentiatedCase {
        try OperationCase(
            name: "two layers",
            sources: [
                try Source.normal("x", [2, 12, 14, 16]), try Source.normal("w1", [16, 16, 3, 3], scale: 0.1),
                try Source.normal("w2", [32, 16, 3, 3], scale: 0.1),
            ]
        ) { graph, values in
            let x = try graph.convolution(
                #require(values["x"]), weight: #require(values["w1"]), padding: Pair(1))
            let pooled = try graph.pooling(.average, graph.unary(.silu, x), kernel: Pair(2))
            return [try graph.convolution(pooled, weight: #require(values["w2"]), padding: Pair(1))]
        }.differentiated()
    }

    private func ways(_ backend: OneDNNBackend, withGradients: Bool = true) throws -> [String] {
        let problem = try problem()
        let outputs = (problem.outputs + (withGradients ? problem.gradients : [])).map { GraphOutput($0) }
        let plan = try #require(try backend.compile(problem.graph, outputs: outputs) as? OneDNNExecutable)
        return plan.description.filter { $0.operations > 0 }.map { "\($0.label): \($0.kernel), \($0.way)" }
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sora-kernels-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test(arguments: [Precision.float32, .bfloat16]) func resultsAreTheSame(_ precision: Precision) throws {
        let problem = try problem()
        let expected = try problem.run(on: ReferenceBackend())
        let found = try problem.run(on: OneDNNBackend(precision: precision, choice: .measured(folder: nil)))
        let tolerance = precision == .float32 ? 6e-5 : 3e-2
        expectClose(found.outputs[0], expected.outputs[0], tolerance, "output")
        for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
            expectClose(pair.0, pair.1, tolerance, "gradient of \(name)")
        }
    }

    /// What one process found out, the next one takes as it is.
    @Test func timesAreKept() throws {
        try withFolder { folder in
            let first = try ways(OneDNNBackend(choice: .measured(folder: folder.path)))
            let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            #expect(files.count == 2)
            let file = try #require(files.first { $0.pathExtension == "json" })
            let times = try Data(contentsOf: file)
            #expect(try ways(OneDNNBackend(choice: .measured(folder: folder.path))) == first)
            #expect(try Data(contentsOf: file) == times)
            // A file that is no such file is done without, and replaced.
            try Data("[1, 2".utf8).write(to: file)
            _ = try ways(OneDNNBackend(choice: .measured(folder: folder.path)))
            let again = try JSONDecoder().decode([String: Double?].self, from: Data(contentsOf: file))
            #expect(again.count == (try JSONDecoder().decode([String: Double?].self, from: times)).count)
        }
    }

    /// The file decides: where every way but one takes a second, that one is chosen, in all directions.
    @Test(.enabled(if: hasWideVectors), arguments: ["blocks", "channelsLast"]) func theCheapestPathIsTaken(
        _ layout: String
    ) throws {
        try withFolder { folder in
            _ = try ways(OneDNNBackend(choice: .measured(folder: folder.path)))
            let file = try #require(
                try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).first {
                    $0.pathExtension == "json"
                })
            var times = try JSONDecoder().decode([String: Double?].self, from: Data(contentsOf: file))
            for (key, time) in times where time != nil {
                let isIt = key.hasSuffix("direct, \(layout)") || key.hasSuffix("direct, any to \(layout)")
                times[key] = key.hasPrefix("reorder") || isIt ? 1e-6 : 1
            }
            try JSONEncoder().encode(times).write(to: file)
            let chosen = try ways(OneDNNBackend(choice: .measured(folder: folder.path)))
            #expect(chosen.count == 6)
            #expect(
                chosen.allSatisfy { $0.hasSuffix("direct, \(layout)") || $0.hasSuffix("any to \(layout)") }, "\(chosen)"
            )
        }
    }

    /// The second layer would rather have blocks than its neighbour's layout, by 0.3 seconds: it gets them where
    /// bringing its image there costs less.
    @Test(.enabled(if: hasWideVectors), arguments: [0.5, 0.1]) func reordersHaveTheirPrice(_ price: Double) throws {
        try withFolder { folder in
            _ = try ways(OneDNNBackend(choice: .measured(folder: folder.path)), withGradients: false)
            let file = try #require(
                try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).first {
                    $0.pathExtension == "json"
                })
            var times = try JSONDecoder().decode([String: Double?].self, from: Data(contentsOf: file))
            for (key, time) in times where time != nil {
                let prefersBlocks = key.contains("[32, 16, 3, 3]")
                let isCheap = prefersBlocks == key.hasSuffix("blocks") && !key.contains("winograd")
                times[key] = key.hasPrefix("reorder") ? price : isCheap ? 0.1 : 0.4
            }
            try JSONEncoder().encode(times).write(to: file)
            let chosen = try ways(OneDNNBackend(choice: .measured(folder: folder.path)), withGradients: false)
            let layouts = chosen.map { $0.hasSuffix("direct, blocks") }
            #expect(layouts == [false, price < 0.3], "\(chosen)")
        }
    }

    /// Where half precision's kernels are slower than single's and the conversion, weights' gradients are taken in
    /// single precision, and are as near to the reference as in any other way.
    @Test(.enabled(if: OneDNNBackend.hasBFloat16)) func gradientsInSinglePrecision() throws {
        try withFolder { folder in
            func backend() -> OneDNNBackend {
                OneDNNBackend(precision: .bfloat16, choice: .measured(folder: folder.path))
            }
            _ = try ways(backend())
            let file = try #require(
                try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).first {
                    $0.pathExtension == "json"
                })
            var times = try JSONDecoder().decode([String: Double?].self, from: Data(contentsOf: file))
            #expect(times.keys.contains { $0.hasSuffix("in f32") })
            for (key, time) in times where time != nil {
                times[key] = key.hasPrefix("reorder") || key.hasSuffix("in f32") ? 1e-6 : 1
            }
            try JSONEncoder().encode(times).write(to: file)
            let chosen = try ways(backend())
            #expect(chosen.count { $0.hasSuffix("in f32") && !$0.contains("bf16") } == 2, "\(chosen)")
            let problem = try problem()
            let (expected, found) = (try problem.run(on: ReferenceBackend()), try problem.run(on: backend()))
            for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
                expectClose(pair.0, pair.1, 3e-2, "gradient of \(name)")
            }
        }
    }

    /// A profile has a step for each kernel, and what ran.
    @Test func profilesSayWhatRan() throws {
        let problem = try problem()
        let profile = Profile()
        let backend = ProfilingBackend(OneDNNBackend(), into: profile)
        let found = try problem.run(on: backend)
        let expected = try problem.run(on: OneDNNBackend())
        #expect(found.outputs == expected.outputs && found.gradients == expected.gradients)
        let steps = try #require(profile.plans.first)
        #expect(profile.events.map(\.step) == Array(steps.indices))
        #expect(profile.events.allSatisfy { $0.seconds >= 0 && $0.start >= 0 })
        // 2 x 12 x 14 places, 16 x 144 products each, two operations a product.
        #expect(steps.first { $0.operations > 0 }?.operations == 2 * 2 * 12 * 14 * 16 * 144)
        #expect(steps.allSatisfy { $0.bytes > 0 })
        profile.reset()
        #expect(profile.events.isEmpty && profile.plans.count == 1)
    }
}
