/// One thing a plan does.
struct Step {
    enum Work {
        case primitive(Primitive, [Argument])
        case kernel(() throws -> Void)
    }

    /// What is known of a step's cost.
    struct Cost {
        /// Multiplications and additions.
        var operations = 0
        /// The way of a convolution, in words.
        var way = ""
        /// Seconds that the fastest of the kernels that were timed takes.
        var limit: Double?
    }

    /// A tensor that a primitive works on.
    struct Argument {
        let name: ArgumentName
        let buffer: PlanBuffer
        let descriptor: MemoryDescriptor
    }

    /// What it is, for profiles: the operation and where it stands in the network.
    let label: String
    let work: Work
    let reads: [PlanBuffer]
    let writes: [PlanBuffer]
    /// What it costs, for profiles.
    var cost = Cost()
    /// The first buffer may be overwritten by the second, if nobody needs it any more.
    var inPlace: (from: PlanBuffer, to: PlanBuffer)?
}
