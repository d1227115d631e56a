import Foundation
package import Neural

/// The model file: safetensors, with the configuration as JSON under `sora.configuration` in its metadata, and under
/// `sora.quantization` what int8 needs, if it was made for that, and under `sora.temperature` what its outputs are
/// divided by, if that was found. Classifiers: `ModelFile+Classifiers.swift`.
///
/// Tensors carry the parameters' names, so other tools read the weights as they are.
package enum ModelFile {
    static let formatKey = "sora.format"
    package static let configurationKey = "sora.configuration"
    static let quantizationKey = "sora.quantization"
    static let temperatureKey = "sora.temperature"
    static let format = "1"

    package static func metadata(
        _ configuration: ModelConfiguration, _ quantization: Quantization? = nil, temperature: Double? = nil
    ) throws -> [String: String] {
        var metadata = [formatKey: format, configurationKey: try json(configuration)]
        metadata[quantizationKey] = try quantization.map { try json($0) }
        metadata[temperatureKey] = temperature.map { "\($0)" }
        return metadata
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// What the file has to compute convolutions of bytes; nil if it has nothing.
    /// - Throws: `ModelError.file` if it cannot be read or does not belong to a network with `parameters`.
    static func quantization(
        _ metadata: [String: String], _ parameters: [Parameter], path: String
    ) throws -> Quantization? {
        guard let json = metadata[quantizationKey] else { return nil }
        do {
            let quantization = try JSONDecoder().decode(Quantization.self, from: Data(json.utf8))
            try quantization.validate(parameters)
            return quantization
        } catch let error as NeuralError {
            throw ModelError(.file, "\(path): its int8 steps are broken: \(error.message)")
        } catch {
            throw ModelError(.file, "\(path): its int8 steps cannot be read (\(error.decodingFault))")
        }
    }

    /// Refuses weights that are not numbers, or infinite: whatever the clip, they say nothing.
    /// - Throws: `ModelError.file` naming the first such tensor.
    static func requireNumbers(_ parameters: ParameterBuffer, path: String) throws {
        for parameter in parameters.parameters {
            let tensor = try parameters.tensor(parameter.name)
            guard let broken = tensor.floats.firstIndex(where: { !$0.isFinite }) else { continue }
            throw ModelError(
                .file,
                "\(path): the tensor \(parameter.name) holds \(tensor.floats[broken]) where a number belongs: the file is "
                    + "damaged, or its training failed; train again, with a lower --learning-rate if it did")
        }
    }

    /// What the head's outputs are divided by; nil if the file does not say.
    /// - Throws: `ModelError.file` if it is no number that outputs could be divided by.
    static func temperature(_ metadata: [String: String], path: String) throws -> Double? {
        guard let text = metadata[temperatureKey] else { return nil }
        guard let value = Double(text), (1e-3...1e3).contains(value) else {
            throw ModelError(
                .file, "\(path): its temperature \"\(text.prefix(40))\" is not a number from 0.001 to 1000")
        }
        return value
    }

    /// - Throws: `ModelError.file` if the metadata is not a model's, `.configuration` if it makes no sense.
    static func configuration(_ metadata: [String: String], path: String) throws -> ModelConfiguration {
        guard let found = metadata[formatKey], let json = metadata[configurationKey] else {
            guard metadata["sora.state"] == nil else {
                throw ModelError(
                    .file,
                    "\(path): it is the checkpoint of a training run; the model is the file beside it, without .checkpoint"
                )
            }
            throw ModelError(
                .file, "\(path): these are weights without a Sora configuration; make a model with 'sora train'")
        }
        guard found == format else {
            throw ModelError(.file, "\(path): written in format \(found), and this version reads format \(format) only")
        }
        do {
            let configuration = try JSONDecoder().decode(ModelConfiguration.self, from: Data(json.utf8))
            try configuration.validate()
            return configuration
        } catch let error as ModelError {
            throw ModelError(error.code, "\(path): its configuration is broken: \(error.message)")
        } catch {
            throw ModelError(.file, "\(path): its configuration cannot be read (\(error.decodingFault))")
        }
    }

    /// The network of a configuration that came from a file, and its parameters.
    /// - Throws: `ModelError.configuration` if it describes a network that cannot be built.
    static func network(_ configuration: ModelConfiguration, path: String) throws -> (SoraNetwork, [Parameter]) {
        do {
            let network = try SoraNetwork(configuration)
            return (network, try network.parameters())
        } catch let error as NeuralError {
            throw ModelError(.configuration, "\(path): its configuration describes no network: \(error.message)")
        }
    }
}

extension ModelConfiguration {
    /// The configuration in the model file at `path`. Cost: one read of the file's header.
    /// - Throws: `NeuralError.file` or `.format` if it is no safetensors file, `ModelError` if it is not a model's.
    public init(reading path: String) throws {
        self = try ModelFile.configuration(SafetensorsFile.contents(of: path).metadata, path: path)
    }

    /// The same of a file that may hold weights alone, as torchvision's do: nil then.
    public init?(besideWeightsIn path: String) throws {
        let metadata = try SafetensorsFile.contents(of: path).metadata
        guard metadata[ModelFile.configurationKey] != nil else { return nil }
        self = try ModelFile.configuration(metadata, path: path)
    }
}
