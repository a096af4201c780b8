"""The network in Keras. Only training, converting and the slow engine ``keras`` load it."""
