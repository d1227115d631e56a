import ArgumentParser
import Foundation
import Neural
import SoraModel
import Training

struct Quantize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give a model what it needs to compute in int8: faster, and nearly the same vectors.",
        discussion: """
            Some of the clips say which numbers each image of the network holds; others, where there are enough, say how \
            near the int8 embeddings are to those in f32. No labels are needed. The result is the same model with the \
            steps of its bytes added: every command computes it in int8 where the processor has that, and in floats with \
            --precision f32 or bf16.

            Example:
              sora quantize model.safetensors clips/*.mp4 --out model-int8.safetensors
              sora evaluate model-int8.safetensors --data held-out/
            """)

    @Argument(help: "A model file, or 'default'.", completion: .file())
    var model: String

    @Argument(help: "Video files like those that the model will see.", completion: .file())
    var files: [String]

    @Option(help: "Where the model file goes.", completion: .file())
    var out: String

    @Option(help: "Clips to find the numbers from, and at most as many more to check the result on.")
    var clips = 64

    @Option(
        help: "Share of each image's numbers that bytes hold as they are; the largest of the rest are cut to that.")
    var share = 0.9999

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--clips", clips, 1...100_000)
        try Bounds.check("--share", share, 0.5...1)
    }

    /// What was done, as JSON.
    private struct Report: Encodable {
        var path: String
        var convolutions: Int
        var inInt8: Int
        var calibrationClips: Int
        var check: QuantizationCheck
    }

    func run() throws {
        try OutputPath.requireFile(out)
        let model = try ModelArgument.read(model)
        let (samples, others) = split()
        let reader = ClipFiles(model.configuration.clip)
        if !OneDNNBackend.hasInt8 {
            Console.note(
                "this processor cuts off large sums of bytes: the vectors differ by more here than on one with VNNI")
        }
        let progress = ProgressBar(
            total: samples.count + others.count, style: Console.progressStyle, sink: Console.progress)
        var failed = 0
        func each(_ files: [String], _ body: ([UInt8]) throws -> Void) throws {
            try reader.read(files) { file, clip in
                switch clip {
                case .success(let bytes): try body(bytes)
                case .failure(let error):
                    failed += 1
                    progress.clear()
                    try FileBatch.report(error, file: file, json: common.json)
                }
                progress.advance()
            }
        }
        let calibration = try ModelCalibration(model, backend: OneDNNBackend(choice: .measuredOnce))
        var calibrated = 0
        try each(samples) { bytes in
            try calibration.observe(bytes)
            calibrated += 1
        }
        guard calibrated > 0 else {
            progress.clear()
            return try FileBatch.conclude(failed: failed, of: files.count)
        }
        model.quantization = try calibration.quantization(share: share)
        var check = try QuantizationCheck(model, backend: OneDNNBackend(choice: .measuredOnce))
        try each(others.isEmpty ? samples : others) { try check.add($0) }
        progress.clear()
        try model.write(to: out)
        let report = Report(
            path: out, convolutions: try model.network.frameGraph(count: 1, isTraining: false).graph.convolutionCount,
            inInt8: model.quantization?.layers.count ?? 0, calibrationClips: calibrated, check: check)
        Console.result(try common.json ? report.jsonLine() : text(report, checksOthers: !others.isEmpty))
        try FileBatch.conclude(failed: failed, of: files.count)
    }

    /// The clips to calibrate on, spread evenly over all, and at most as many others to check the result on.
    private func split() -> (samples: [String], others: [String]) {
        // With few clips all calibrate: a check on others is worth less than a good range.
        let wanted = min(clips, files.count < 8 ? files.count : (files.count + 1) / 2)
        let chosen = Set((0..<wanted).map { $0 * files.count / wanted })
        let rest = files.indices.filter { !chosen.contains($0) }
        let checked = min(clips, rest.count)
        return (chosen.sorted().map { files[$0] }, (0..<checked).map { files[rest[$0 * rest.count / checked]] })
    }

    private func text(_ report: Report, checksOthers: Bool) -> String {
        let check = report.check
        return """
            \(report.inInt8) of \(report.convolutions) convolutions in int8, by the images of \(counted(report.calibrationClips, "clip"))
            embeddings in int8 and in f32, on \(checksOthers ? "\(counted(check.clips, "clip")) that were not among those" : "the same clips"): \
            cosine \(String(format: "%.4f mean, %.4f least", check.meanCosine, check.leastCosine)); \
            the likeliest label is the same for \(check.sameLabel) of \(check.clips)
            \(report.path)
            """
    }

}
