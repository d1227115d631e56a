import CAllocations
import Foundation
import Neural
import SoraModel

/// What is measured of one preset, and the most that it may be.
struct Limits: Codable {
    /// Milliseconds to plan the networks of frames and of a clip, with kernels chosen by rule.
    var planMilliseconds: Double
    /// Blocks of memory that our own code asks for in a run of both that is warm.
    var allocationsPerRun: Int
}

/// Measures the networks of a preset.
func measure(_ preset: Preset) throws -> (found: Limits, steps: Int, library: Int) {
    var configuration = preset.configuration
    configuration.labels = ["no", "yes"]
    let model = try Model(configuration, seed: 1)
    let (graph, features) = try model.network.frameGraph(count: 4, isTraining: false)
    let clip = try model.network.clipGraph(clips: 2, isTraining: false)
    let backend = OneDNNBackend(precision: .automatic)
    func plan() throws -> [any Executable] {
        [
            try backend.compile(graph, outputs: [GraphOutput(features)]),
            try backend.compile(clip.graph, outputs: [GraphOutput(clip.embedding), GraphOutput(clip.logits)]),
        ]
    }
    var plans: [Double] = []
    for _ in 0..<5 {
        let start = ContinuousClock.now
        _ = try plan()
        plans.append((ContinuousClock.now - start) / .milliseconds(1))
    }
    let networks = try plan()
    let size = configuration.clip.size
    let inputs = [
        "frames": Tensor(zeros: TensorType([4, size, size, 3], .uint8)),
        "features": Tensor(zeros: clip.graph.type(clip.features)),
    ]
    var results: [[Tensor]] = [[], []]
    func run() throws {
        for (index, network) in networks.enumerated() {
            try network.run(inputs, parameters: model.parameters, gradients: nil, into: &results[index])
        }
    }
    for _ in 0..<3 { try run() }
    let runs = 10
    sora_allocations_begin()
    for _ in 0..<runs { try run() }
    let counted = sora_allocations_end()
    if CommandLine.arguments.contains("--where") { sora_allocations_report() }
    let steps = networks.map { ($0 as? OneDNNExecutable)?.description.count ?? 0 }.reduce(0, +)
    return (
        Limits(
            planMilliseconds: plans.sorted()[plans.count / 2],
            allocationsPerRun: (Int(counted.own) + runs - 1) / runs),
        steps, Int(counted.library) / runs
    )
}

let path = CommandLine.arguments.dropFirst().first { !$0.hasPrefix("--") } ?? "Benchmarks/Micro/limits.json"
let limits = try JSONDecoder().decode(
    [String: Limits].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
/// A line of JSON for each preset, rather than a table.
let isJSON = CommandLine.arguments.contains("--json")
var isWithin = true
if !isJSON { print("preset        steps   plan ms (limit)   own allocations a run (limit)   the library's") }
for preset in Preset.allCases {
    guard let limit = limits[preset.rawValue] else { continue }
    let (found, steps, library) = try measure(preset)
    let fits =
        found.planMilliseconds <= limit.planMilliseconds && found.allocationsPerRun <= limit.allocationsPerRun
    isWithin = isWithin && fits
    let counts = sora_allocations_are_counted() != 0
    guard !isJSON else {
        print(
            """
            {"micro": "\(preset.rawValue)", "steps": \(steps), "planMilliseconds": \(found.planMilliseconds), \
            "allocations": \(counts ? found.allocationsPerRun : -1), "libraryAllocations": \(library)}
            """)
        continue
    }
    print(
        preset.rawValue.padding(toLength: 14, withPad: " ", startingAt: 0)
            + String(format: "%5d", steps)
            + String(format: "%10.1f (%.0f)", found.planMilliseconds, limit.planMilliseconds)
            + (counts
                ? String(format: "%16d (%d)%26d", found.allocationsPerRun, limit.allocationsPerRun, library)
                : "  not counted here")
            + (fits ? "" : "   PAST ITS LIMIT"))
}
exit(isWithin ? 0 : 1)
