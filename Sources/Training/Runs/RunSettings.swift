import Foundation
import Neural

/// What a run was set to, so that runs can be told apart by what was changed.
public enum RunSettings {
    /// The settings of the run whose model is at `path`, by name (`learningRate`, `clip.size`), as its checkpoint has them;
    /// none where there is no checkpoint, or none that can be read.
    static func settings(ofModel path: String) -> [String: String] {
        let place = Checkpoint.path(besides: path)
        guard FileManager.default.fileExists(atPath: place),
            let metadata = try? SafetensorsFile.metadata(of: place)
        else { return [:] }
        var settings: [String: String] = [:]
        for key in [Checkpoint.Key.configuration, Checkpoint.Key.options] {
            guard let json = metadata[key], let value = try? JSONSerialization.jsonObject(with: Data(json.utf8)) else {
                continue
            }
            add(value, name: "", to: &settings)
        }
        return settings
    }

    /// What lies in an object goes by the names on the way to it, with dots between them.
    private static func add(_ value: Any, name: String, to settings: inout [String: String]) {
        switch value {
        case let object as [String: Any]:
            for (key, inner) in object { add(inner, name: name.isEmpty ? key : "\(name).\(key)", to: &settings) }
        case let list as [Any]: settings[name] = list.map { "\($0)" }.joined(separator: ",")
        default: settings[name] = "\(value)"
        }
    }

    /// Names of the settings in which runs that have any differ, in alphabetical order.
    public static func differing(among runs: [TrainingRun]) -> [String] {
        let known = runs.map(\.settings).filter { !$0.isEmpty }
        return Set(known.flatMap(\.keys)).filter { name in Set(known.map { $0[name] }).count > 1 }.sorted()
    }
}
