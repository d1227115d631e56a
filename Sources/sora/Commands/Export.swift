import ArgumentParser
import Foundation
import Interop
import SoraModel

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a model as an ONNX file, which ONNX Runtime, OpenVINO and others run.",
        discussion: """
            The file takes the frames of any number of clips as bytes, [clips, frame, height, width, 3], as 'sora frames' \
            gives them, and yields their embeddings (of length 1) and the probabilities of the labels, in single \
            precision. How frames are taken from a video is in its metadata, and so are the labels.

            Example:
              sora export model.safetensors --out model.onnx
              sora frames clip.mp4 --model model.safetensors --out clip.npy
            """)

    @Argument(help: "A model file, or 'default'.", completion: .file())
    var model: String

    @Option(help: "A file ending in .onnx.", completion: .file())
    var out: String

    @OptionGroup var common: CommonOptions

    /// What was written, as JSON.
    private struct Report: Encodable {
        var path: String
        var bytes: Int
        var operators: Int
        var operatorSet: Int
        var input: ONNXExport.Port
        var outputs: [ONNXExport.Port]
        var labels: [String]
    }

    func validate() throws {
        let name = URL(fileURLWithPath: out).pathExtension.lowercased()
        guard name == "onnx" else {
            throw ValidationError("\(out): models are exported as .onnx, not '.\(name)'")
        }
    }

    func run() throws {
        try OutputPath.requireFile(out)
        let model = try ModelArgument.readTrained(model)
        if model.quantization != nil {
            Console.note("note: the model is exported in f32; what 'sora quantize' found is not a part of the file")
        }
        if !model.shelf.classifiers.isEmpty {
            Console.note("note: the model's own head is exported; what 'sora fit' added is not a part of the file")
        }
        let export = try ONNXExport(model, version: Sora.configuration.version)
        try export.write(to: out)
        guard !common.json else {
            let report = Report(
                path: out, bytes: export.byteCount, operators: export.nodeCount, operatorSet: export.operatorSet,
                input: export.input, outputs: export.outputs, labels: model.configuration.labels)
            return Console.result(try report.jsonLine())
        }
        let outputs = export.outputs.map(\.text).joined(separator: ", ")
        let size = String(format: "%.1f MiB", Double(export.byteCount) / Double(1 << 20))
        Console.result("\(out): \(size), \(export.nodeCount) operators of set \(export.operatorSet)")
        Console.result("  \(export.input.text) of bytes -> \(outputs)")
    }
}

extension ONNXExport.Port {
    /// `frames [clips, 16, 112, 112, 3]`
    fileprivate var text: String {
        "\(name) [\(sizes.map { $0.map(String.init) ?? "clips" }.joined(separator: ", "))]"
    }
}
