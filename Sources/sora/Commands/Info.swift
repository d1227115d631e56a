import ArgumentParser
import Foundation
import SoraModel

struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describe a model: layers, shapes, parameters, operations per frame.",
        discussion: """
            Example:
              sora info model.safetensors
              sora info --preset resnet18
            """)

    @Argument(help: "A model file.", completion: .file())
    var model: String?

    @Option(help: "Describe a preset instead.")
    var preset: Preset?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (model == nil) != (preset == nil) else {
            throw ValidationError("give either a model file or --preset")
        }
    }

    func run() throws {
        let configuration: ModelConfiguration
        var temperature: Double?
        if let model {
            let model = try ModelArgument.read(model)
            (configuration, temperature) = (model.configuration, model.temperature)
        } else {
            var preset = (preset ?? .small).configuration
            if preset.labels.isEmpty { preset.labels = ["no", "yes"] }
            configuration = preset
        }
        let summary = try ModelSummary(SoraNetwork(configuration))
        guard !common.json else {
            struct Description: Encodable {
                var configuration: ModelConfiguration
                var temperature: Double?
                var summary: ModelSummary
            }
            let description = Description(configuration: configuration, temperature: temperature, summary: summary)
            return Console.result(try description.jsonLine())
        }
        Console.result(summary.text(configuration, labels: model == nil ? [] : configuration.labels, temperature))
    }
}

extension ModelSummary {
    /// - Parameters:
    ///   - labels: the model's; none for a preset, which has stand-ins only.
    ///   - temperature: the model's, if it has one.
    fileprivate func text(_ configuration: ModelConfiguration, labels: [String], _ temperature: Double?) -> String {
        let clip = configuration.clip
        var lines = [
            "\(configuration.preset): \(clip.frames) frames of \(clip.size)x\(clip.size) pixels, "
                + "embedding of \(embeddingSize) numbers, \(configuration.head.kind.rawValue) head",
            labels.isEmpty
                ? "labels: those of the clips that it is trained on" : "labels: \(labels.joined(separator: ", "))",
            "outputs are [frames, height, width, channels], then [clips, ...], for one clip", "",
            "layer".padded(26) + "kind".padded(18) + "output".padded(22) + "parameters".padded(12, right: true)
                + "MFLOP/frame".padded(13, right: true),
        ]
        if let temperature {
            lines.insert(
                String(format: "temperature: %.3f, by which outputs are divided for probabilities", temperature), at: 2)
        }
        for layer in layers {
            lines.append(
                layer.name.padded(26) + layer.kind.padded(18) + "\(layer.output)".padded(22)
                    + "\(layer.parameters)".padded(12, right: true)
                    + Self.megaflops(layer.operationsPerFrame).padded(13, right: true))
        }
        lines.append(
            "total".padded(66) + "\(parameters)".padded(12, right: true)
                + Self.megaflops(operationsPerFrame).padded(13, right: true))
        return lines.joined(separator: "\n")
    }

    /// Millions of operations; a dash for none.
    private static func megaflops(_ operations: Int) -> String {
        operations == 0
            ? "-" : operations < 5000 ? "<0.01" : String(format: "%.2f", Double(operations) / 1e6)
    }
}

extension String {
    /// The string filled with spaces to `width`, on the left if `right`-aligned.
    func padded(_ width: Int, right: Bool = false) -> String {
        let fill = String(repeating: " ", count: max(count < width ? width - count : (right ? 0 : 1), 0))
        return right ? fill + self : self + fill
    }
}
