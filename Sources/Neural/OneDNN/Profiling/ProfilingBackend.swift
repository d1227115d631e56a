/// A backend that times each step of its plans.
public struct ProfilingBackend: Backend {
    private let backend: OneDNNBackend
    private let profile: Profile

    /// - Parameters:
    ///   - backend: what plans and runs.
    ///   - profile: what the times go to.
    public init(_ backend: OneDNNBackend, into profile: Profile) {
        self.backend = backend
        self.profile = profile
    }

    /// Plans `graph`, and adds its steps to the profile; throws as the backend does.
    public func compile(_ graph: Graph, outputs: [GraphOutput]) throws -> any Executable {
        Profiled(try backend.plan(graph, outputs: outputs), profile)
    }

    private final class Profiled: Executable {
        private let plan: OneDNNExecutable
        private let profile: Profile
        private let number: Int

        init(_ plan: OneDNNExecutable, _ profile: Profile) {
            (self.plan, self.profile) = (plan, profile)
            number = profile.add(plan: plan.description)
        }

        var memoryBytes: Int { plan.memoryBytes }

        func run(
            _ inputs: [String: Tensor], parameters: ParameterBuffer, gradients: ParameterBuffer?,
            into results: inout [Tensor]
        ) throws {
            plan.observer = { [profile, number] in profile.add(plan: number, step: $0, started: $1, ended: $2) }
            try plan.run(inputs, parameters: parameters, gradients: gradients, into: &results)
        }
    }
}
