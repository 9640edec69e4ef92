//! Structs of Go, declared with their names in JSON.

/// A struct of Go with its JSON names. Its own name in Go stands behind ours where the two differ; `apart` stands behind the fields that
/// are an `Array` in Go, which reads itself.
macro_rules! go_object {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident $(as $go:ident)? {
        $($(#[$doc:meta])* $field:ident: $kind:ty = $key:literal $($apart:ident)?),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        $visibility struct $name { $($(#[$doc])* pub $field: $kind),* }

        impl $crate::json::Decode for $name {
            fn decode(&mut self, reader: &mut $crate::json::Reader<'_>) -> Result<(), $crate::json::JsonError> {
                if reader.null() {
                    return Ok(());
                }
                const STRUCTURE: &str = $crate::json::go_name!($name $($go)?);
                reader.object(Self::go_type, |key, reader| {
                    $(if key.eq_ignore_ascii_case($key) {
                        return reader.field((STRUCTURE, $key), |reader| {
                            $crate::json::go_field!(reader, self.$field $(, $apart)?)
                        });
                    })*
                    // structs without fields look at neither
                    let _ = (key, STRUCTURE);
                    reader.skip();
                    Ok(())
                })
            }

            fn go_type() -> String {
                concat!("types.", $crate::json::go_name!($name $($go)?)).to_owned()
            }
        }
    };
}

macro_rules! go_name {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident $go:ident) => {
        stringify!($go)
    };
}

macro_rules! go_field {
    ($reader:ident, $field:expr) => {
        $crate::json::Decode::decode(&mut $field, $reader)
    };
    ($reader:ident, $field:expr, apart) => {
        $reader.apart(|reader| $crate::json::Decode::decode(&mut $field, reader))
    };
}
pub(crate) use {go_field, go_name, go_object};
